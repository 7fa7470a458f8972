//! Names that Helm itself gives, such as `.Values`, `.Release.Name` and `.Capabilities.KubeVersion`,
//! and that a template misspells: nobody can give these as values.

use gotmpl::error::ExecError;

use super::witness::Testimony;
use super::{Diagnostic, dot, near};

/// What Helm's own objects have.
const FIELDS: [(&str, &[&str]); 2] = [
    ("common.KubeVersion", &["Version", "Major", "Minor", "GitVersion"]),
    ("*common.Capabilities", &["KubeVersion", "APIVersions", "HelmVersion"]),
];

/// Tells it, when it is that.
pub(super) fn tell(told: &mut Diagnostic, exec: &ExecError, seen: &Testimony) -> Option<()> {
    of_object(told, exec).or_else(|| of_section(told, exec, seen))
}

fn of_object(told: &mut Diagnostic, exec: &ExecError) -> Option<()> {
    let (_, fault) = exec.message.split_once("can't evaluate field ")?;
    let (name, object) = fault.split_once(" in type ")?;
    let (_, fields) = FIELDS.iter().find(|(known, _)| *known == object)?;
    told.code = "template.unknown-name";
    told.title = format!("Helm has no `{}`", exec.context);
    if let Some(meant) = near::nearest(name, fields.iter().copied()) {
        told.remedies.push(format!("did you mean `.{meant}`?"));
    }
    told.remedies.push(format!("read one of `.{}`", fields.join("`, `.")));
    Some(())
}

fn of_section(told: &mut Diagnostic, exec: &ExecError, seen: &Testimony) -> Option<()> {
    let read = seen.reads.last().filter(|read| read.missing)?;
    let (above, name) = read.path.rsplit_once('.')?;
    let known = read.siblings.iter().map(String::as_str);
    let meant = match above {
        // The root, by what else is there.
        "(…)" | "" if read.siblings.iter().any(|known| known == "Values") => {
            near::nearest(name, dot::AT_ROOT)?
        }
        ".Release" | ".Chart" => near::nearest(name, known)?,
        _ => return None,
    };
    let above = above.trim_start_matches("(…)");
    let wrong = format!("{above}.{name}");
    told.code = "template.unknown-name";
    told.title = format!("`{wrong}` is no name that Helm gives");
    told.notes.clear();
    let whole = exec.context.replacen(&wrong, &format!("{above}.{meant}"), 1);
    told.remedies.push(format!("did you mean `{whole}`?"));
    Some(())
}
