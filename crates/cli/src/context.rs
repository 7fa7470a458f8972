//! What every command gets besides its own arguments: the environment, the global flags, and where
//! its words go.

use std::cell::OnceCell;
use std::io::{IsTerminal as _, Write};

use diagnostic::{Colour, Diagnostic, Language, Tell, Words};

use crate::arguments::{Errors, Globals, Parsed};
use crate::environment::Environment;
use crate::kubeconfig::{self, Files};

/// The surroundings of a command.
pub struct Context {
    /// The environment variables.
    pub environment: Environment,
    /// The flags that all commands share.
    pub globals: Globals,
    /// Standard output, buffered; [`Context::flush`] ends it.
    pub out: Box<dyn Write + Send>,
    /// Standard error.
    pub err: Box<dyn Write + Send>,
    /// What came by standard input, once it was read: it can be read only once, and another program
    /// may have to get the same.
    pub stdin: OnceCell<Vec<u8>>,
}

impl Context {
    /// The real standard output and error.
    pub fn new(parsed: &Parsed, environment: Environment) -> Self {
        Self {
            environment,
            globals: parsed.globals.clone(),
            out: Box::new(std::io::BufWriter::with_capacity(1 << 16, std::io::stdout())),
            err: Box::new(std::io::stderr()),
            stdin: OnceCell::new(),
        }
    }

    /// The namespace of the release: by flag, by variable, by kubeconfig, by pod.
    pub fn namespace(&self) -> String {
        if let Some(name) = self.globals.namespace.as_deref().filter(|name| !name.is_empty()) {
            return name.to_owned();
        }
        let files = Files::find(self.globals.kubeconfig.as_deref(), &self.environment);
        kubeconfig::namespace(&files, self.globals.kube_context.as_deref(), &self.environment)
            .unwrap_or_else(|| "default".to_owned())
    }

    /// Writes bytes to standard output. A reader that went away ends the program quietly, as it
    /// ends other tools; any other fault with words.
    pub fn print(&mut self, bytes: &[u8]) {
        let result = self.out.write_all(bytes);
        self.expect_written(result);
    }

    /// Hands everything printed so far to the reader.
    pub fn flush(&mut self) {
        let result = self.out.flush();
        self.expect_written(result);
    }

    /// The same, when there is something worse to tell than that it cannot be written.
    pub fn try_flush(&mut self) {
        let _ = self.out.flush();
    }

    fn expect_written(&mut self, result: std::io::Result<()>) {
        /// What shells say of a program that was ended by the signal for a closed pipe.
        const BROKEN_PIPE: i32 = 128 + 13;
        let Err(error) = result else { return };
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            std::process::exit(BROKEN_PIPE);
        }
        let fault = registry::FileError::new("write", "/dev/stdout".as_ref(), error);
        self.warn(&format!("Error: {fault}"));
        std::process::exit(1);
    }

    /// Whether errors are told for people rather than in Helm's words.
    pub fn speaks_to_people(&self) -> bool {
        match self.globals.errors.unwrap_or_default() {
            Errors::Auto => std::io::stderr().is_terminal(),
            Errors::Helm => false,
            Errors::People => true,
        }
    }

    /// The language of the person, as the locale says.
    pub fn language(&self) -> Language {
        self.environment.language()
    }

    /// Tells what is wrong with a chart on standard error, in English, as Helm is.
    pub fn tell(&mut self, diagnostic: &Diagnostic) {
        self.tell_in(diagnostic, Language::English);
    }

    /// Tells what is wrong with a platform on standard error, in the language of the person.
    pub fn say(&mut self, diagnostic: &Diagnostic<Words>) {
        self.tell_in(diagnostic, self.language());
    }

    fn tell_in<T: Tell>(&mut self, diagnostic: &Diagnostic<T>, language: Language) {
        let wants_colour = self.environment.get("NO_COLOR").is_none();
        let colour =
            if std::io::stderr().is_terminal() && wants_colour { Colour::On } else { Colour::Off };
        self.warn(&diagnostic::print(diagnostic, colour, language));
    }

    /// A line on standard error.
    pub fn warn(&mut self, line: &str) {
        // A closed standard error leaves nobody to tell.
        let _ = writeln!(self.err, "{line}");
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        self.flush();
    }
}
