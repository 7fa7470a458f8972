//! `socle catalog new`: the definition of a web application, to be changed by hand.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use config::{Shape, TextKind};
use diagnostic::{Language, Words, words};

use crate::configuration;
use crate::context::Context;
use crate::error::CommandError;

/// The flags of `socle catalog new`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The service's name: small letters, digits and hyphens.
    name: String,
    /// The image with its tag, such as `docker.io/library/nginx:1.29`.
    #[arg(long, value_name = "IMAGE")]
    image: String,
    /// The port that the application listens on.
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,
    /// What people call it; without it, the name.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The directory of the catalogue, which is made where it is missing.
    #[arg(long, value_name = "DIR", default_value = "catalogue")]
    catalog: PathBuf,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    let Arguments { name, image, .. } = arguments;
    if !TextKind::Name.accepts(name) {
        return Err(CommandError::Said(words!(
            "`{name}` is no name for a service: {what}",
            "`{name}` n'est pas un nom de service : {what}",
            what = Shape::Text(TextKind::Name).what(),
        )));
    }
    let Some((repository, tag)) = parted(image) else {
        return Err(CommandError::Said(words!(
            "`{image}` has no tag: a platform is the same tomorrow only where it says which version \
             it is made of, as in `{image}:1.0.0`",
            "`{image}` n'a pas d'étiquette : une plateforme n'est la même demain que si elle dit de \
             quelle version elle est faite, comme dans `{image}:1.0.0`"
        )));
    };
    let path = arguments.catalog.join(name).join("service.yaml");
    let text = definition(arguments, repository, tag, context.language());
    written(&path, &text)?;
    context.print(next(arguments, &path).of(context.language()).as_bytes());
    Ok(())
}

/// Repository and tag of an image.
fn parted(image: &str) -> Option<(&str, &str)> {
    let (repository, tag) = image.rsplit_once(':')?;
    // The colon of a port stands before a slash.
    (!repository.is_empty() && !tag.is_empty() && !tag.contains('/')).then_some((repository, tag))
}

fn written(path: &Path, text: &str) -> Result<(), CommandError> {
    let shown = path.display();
    let wrong = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => CommandError::Said(words!(
            "{shown} is there already, and stays as it is: choose another name",
            "{shown} existe déjà et reste tel quel : choisir un autre nom"
        )),
        _ => CommandError::Said(Words::from(format!("{shown}: {error}"))),
    };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(wrong)?;
    }
    let mut file = fs::File::create_new(path).map_err(wrong)?;
    file.write_all(text.as_bytes()).map_err(wrong)
}

/// A text of YAML between quotes, as JSON has it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn definition(arguments: &Arguments, repository: &str, tag: &str, language: Language) -> String {
    let Arguments { name, port, catalog, .. } = arguments;
    let title = quoted(arguments.title.as_deref().unwrap_or(name));
    let catalog = catalog.display();
    let (repository, tag) = (quoted(repository), quoted(tag));
    let text = match language {
        Language::English => ENGLISH,
        Language::French => FRENCH,
    };
    let fields = [
        ("<CATALOG>", catalog.to_string()),
        ("<PORT>", port.to_string()),
        ("<REPOSITORY>", repository),
        ("<TAG>", tag),
        ("<NAME>", name.clone()),
        ("<TITLE>", title),
    ];
    // No name and no tag holds such a mark; the title, which may, comes last.
    fields.iter().fold(text.to_owned(), |text, (field, value)| text.replace(field, value))
}

const ENGLISH: &str = include_str!("service.en.yaml");
const FRENCH: &str = include_str!("service.fr.yaml");

/// What to do now: where the configuration does not name the catalogue yet, how it does.
fn next(arguments: &Arguments, path: &Path) -> Words {
    let Arguments { name, catalog, .. } = arguments;
    let same = |known: &PathBuf| known.canonicalize().ok() == catalog.canonicalize().ok();
    let key = if configuration::catalogues_here().iter().any(same) {
        String::new()
    } else {
        format!("  catalog: [{}]\n", quoted(&catalog.display().to_string()))
    };
    let (shown, catalog) = (path.display(), catalog.display());
    words!(
        "\
{shown} is written.
Check it:             socle catalog check --catalog {catalog}
Use it, in socle.yaml:
{key}  services: [{name}]
",
        "\
{shown} est écrit.
Le vérifier :            socle catalog check --catalog {catalog}
L'utiliser, dans socle.yaml :
{key}  services: [{name}]
",
    )
}
