//! Errors of templates in Helm's words: Go's error taken apart and told as a chain.
//!
//! Not here: the report for people, which works on the parts of [`RenderError::cause`]. Follows
//! Helm 4's `reformatExecErrorMsg` and `cleanupParseError`, which work on the texts.

use std::fmt;

use gotmpl::error::Error;
use gotmpl::function::Failure;

/// A chart's templates cannot be rendered. `Display` gives Helm's words.
#[derive(Debug)]
pub struct RenderError {
    words: String,
    /// The file that was being parsed or rendered.
    pub file: String,
    /// What went wrong, in parts.
    pub cause: Error,
}

impl RenderError {
    pub(super) fn parse(file: &str, cause: Error) -> Self {
        let text = cause.to_string();
        let mut tokens = text.split(": ");
        let words = match (tokens.nth(1), text.rsplit(": ").next()) {
            (Some(location), Some(last)) => format!("parse error at ({location}): {last}"),
            _ => text.clone(),
        };
        Self { words, file: file.to_owned(), cause }
    }

    pub(super) fn exec(file: &str, cause: Error) -> Self {
        let words = match &cause {
            Error::Exec(_) => tell(&cause),
            Error::Parse(_) | Error::NotFound { .. } => cause.to_string(),
        };
        Self { words, file: file.to_owned(), cause }
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

// `Display` contains the words of the cause, as Helm's does.
impl std::error::Error for RenderError {}

fn tell(error: &Error) -> String {
    let text = error.to_string();
    let mut tokens = text.splitn(3, ": ");
    let (Some(_), Some(location), Some(_)) = (tokens.next(), tokens.next(), tokens.next()) else {
        return text;
    };
    if let Some(refusal) = refusal(error) {
        return format!("execution error at ({location}): {refusal}");
    }
    chain(error).unwrap_or(text)
}

/// The words with which the chart's author refused, when that is what happened.
fn refusal(error: &Error) -> Option<&str> {
    let Error::Exec(error) = error else { return None };
    let mut failure = error.cause.as_ref()?;
    loop {
        match failure {
            Failure::Refused(text) => return Some(text),
            Failure::Message(_) => return None,
            Failure::Context { source, .. } => failure = source,
            Failure::Template(inner) => return refusal(inner),
        }
    }
}

/// The chain of errors, one paragraph each; `None` when one of them is not worded by the template
/// language, which makes Helm print the whole text.
fn chain(error: &Error) -> Option<String> {
    let mut steps: Vec<Step> = Vec::new();
    let mut add = |text: &str| -> Option<()> {
        let step = Step::read(text)?;
        if steps.last() != Some(&step) {
            steps.push(step);
        }
        Some(())
    };
    let mut current = error;
    loop {
        add(&current.to_string())?;
        let Error::Exec(exec) = current else { break };
        let Some(failure) = &exec.cause else { break };
        match failure {
            Failure::Template(inner) => current = inner,
            // None of these starts with "template: ".
            other => {
                add(&other.to_string())?;
                break;
            }
        }
    }
    let told: String = steps.iter().map(Step::to_string).collect();
    Some(told.trim().to_owned())
}

/// One error of a chain.
#[derive(PartialEq, Eq)]
struct Step {
    location: String,
    executing: String,
    message: String,
}

impl Step {
    fn read(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("template: ")?;
        if rest.starts_with("no template ") {
            let (location, executing) = (String::new(), String::new());
            return Some(Self { location, executing, message: text.to_owned() });
        }
        Self::read_executing(rest).or_else(|| Self::read_simple(rest))
    }

    fn read_executing(rest: &str) -> Option<Self> {
        let (location, after) = rest.split_once(": executing ")?;
        let (function, after) = after.strip_prefix('"')?.split_once('"')?;
        let (node, message) = after.strip_prefix(" at <")?.split_once(">: ")?;
        Some(Self {
            location: location.to_owned(),
            executing: format!("executing \"{function}\" at <{node}>:"),
            message: before_next_template(message),
        })
    }

    fn read_simple(rest: &str) -> Option<Self> {
        let (location, message) = rest.rsplit_once(": ")?;
        let (location, executing) = (location.to_owned(), String::new());
        Some(Self { location, executing, message: before_next_template(message) })
    }
}

fn before_next_template(message: &str) -> String {
    message.split(" template:").next().unwrap_or(message).to_owned()
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.location.is_empty() {
            write!(f, "{}\n  ", self.location)?;
        }
        if !self.executing.is_empty() {
            write!(f, "{}\n    ", self.executing)?;
        }
        if !self.message.is_empty() {
            writeln!(f, "{}", self.message)?;
        }
        Ok(())
    }
}
