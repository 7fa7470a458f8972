//! `values.schema.json`: the drafts 4 to 2020-12, with the error texts that Helm prints.
//!
//! Not here: any network. Documents that a schema refers to come from a [`Remote`] given by the
//! edge. A schema is compiled once; [`Schemas`] keeps compiled ones by content.

mod compile;
mod fault;
mod format;
mod json;
mod number;
mod resource;
mod validate;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use compile::Program;
use fault::Faults;
pub(crate) use json::Json;
pub use json::JsonError;
use resource::Library;
pub use resource::{Offline, Remote};

use crate::chart::Chart;
use crate::log::{Level, Log};
use crate::values::{Plain, Table, Work, go_type};

/// Why a schema cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CompileError {
    /// It is not JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// It is not valid by its draft's own schema.
    #[error("{} is not valid against metaschema: jsonschema validation failed with '{meta}#'{faults}", strconv::quote(.url.as_bytes()))]
    Meta {
        /// The schema's address.
        url: String,
        /// The address of the draft's schema.
        meta: String,
        /// What is wrong with it, a line each.
        faults: String,
    },
    /// Each `$schema` names another.
    #[error("cycle in resolving $schema in {}", strconv::quote(.0.as_bytes()))]
    MetaCycle(String),
    /// A reference to an anchor that is not there.
    #[error("anchor in {} not found in schema {}", strconv::quote(.reference.as_bytes()), strconv::quote(.schema.as_bytes()))]
    NoAnchor {
        /// The reference.
        reference: String,
        /// The document's address.
        schema: String,
    },
    /// A reference to a place that is not there.
    #[error("json-pointer in {} not found", strconv::quote(.0.as_bytes()))]
    NoPointer(String),
    /// A document that a schema refers to cannot be had.
    #[error("failing loading {}: {reason}", strconv::quote(.url.as_bytes()))]
    Loading {
        /// Its address.
        url: String,
        /// Why not.
        reason: String,
    },
    /// A pattern is no regular expression.
    #[error("invalid regex {} at {}: {reason}", strconv::quote(.pattern.as_bytes()), strconv::quote(.location.as_bytes()))]
    Regex {
        /// The pattern.
        pattern: String,
        /// Where it stands.
        location: String,
        /// What is wrong with it.
        reason: String,
    },
    /// More schemas in one than anybody writes.
    #[error("the schema consists of more than {0} schemas")]
    TooLarge(usize),
}

/// Where Helm says that a chart's schema lies.
const URL: &str = "file:///values.schema.json";

/// A compiled schema.
pub struct Schema {
    program: Program,
    /// What it refers to and nobody resolves.
    unresolved: Vec<String>,
}

impl Schema {
    /// Compiles the text of a schema.
    pub fn compile(text: &[u8], remote: &dyn Remote) -> Result<Self, CompileError> {
        let mut library = Library::new(remote);
        let resource = library.admit(URL, Json::parse(text)?)?;
        let program = compile::compile(&mut library, resource)?;
        Ok(Self { program, unresolved: library.unresolved })
    }

    /// Holds values against the schema. The error is a text of several lines, each ended.
    pub fn validate(&self, values: &Plain) -> Result<(), String> {
        validate::validate(&self.program, values).map_err(|fault| {
            let text = Faults(fault).to_string();
            format!("{}\n", text.strip_prefix('\n').unwrap_or(&text))
        })
    }
}

/// Whether a text is JSON.
pub fn is_json(text: &[u8]) -> bool {
    Json::parse(text).is_ok()
}

type Compiled = Arc<Result<Schema, CompileError>>;

/// Compiled schemas by content, shared by threads.
pub struct Schemas {
    compiled: Mutex<HashMap<Arc<[u8]>, Compiled>>,
    remote: Box<dyn Remote + Send + Sync>,
}

impl Default for Schemas {
    fn default() -> Self {
        Self::new(Box::new(Offline))
    }
}

impl Schemas {
    /// No schemas yet; what they refer to comes from `remote`.
    pub fn new(remote: Box<dyn Remote + Send + Sync>) -> Self {
        Self { compiled: Mutex::default(), remote }
    }

    fn get(&self, text: &Arc<[u8]>) -> Compiled {
        let known = self.lock().get(text).cloned();
        // Compiled outside the lock: a remote schema may take its time.
        known.unwrap_or_else(|| {
            let compiled = Arc::new(Schema::compile(text, &*self.remote));
            Arc::clone(self.lock().entry(Arc::clone(text)).or_insert(compiled))
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Arc<[u8]>, Compiled>> {
        self.compiled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds values against one schema.
    pub fn validate_one(
        &self,
        text: &Arc<[u8]>,
        values: &Table,
        log: &mut Log,
    ) -> Result<(), String> {
        match &*self.get(text) {
            Ok(schema) => {
                for urn in &schema.unresolved {
                    let message = "unresolved URN reference ignored; using permissive schema";
                    log.add_once(Level::Warn, message, vec![("urn", urn.clone())]);
                }
                schema.validate(&Plain::Map(values.clone()))
            }
            Err(error) => Err(error.to_string()),
        }
    }

    /// Holds values against the schemas of a chart and its sub-charts. The error is what Helm
    /// prints after "values don't meet the specifications of the schema(s) in the following
    /// chart(s):".
    pub fn validate(&self, chart: &Chart, values: &Work, log: &mut Log) -> Result<(), String> {
        if !has_schema(chart) {
            return Ok(());
        }
        let mut text = String::new();
        self.collect(chart, &values.freeze(), &mut text, log);
        if text.is_empty() { Ok(()) } else { Err(text) }
    }

    fn collect(&self, chart: &Chart, values: &Table, text: &mut String, log: &mut Log) {
        if let Some(schema) = &chart.schema
            && let Err(faults) = self.validate_one(schema, values, log)
        {
            text.push_str(&format_chart(chart.name(), &faults));
        }
        for sub in &chart.dependencies {
            match values.get(sub.name().as_bytes()) {
                None | Some(Plain::Null) => {}
                Some(Plain::Map(below)) => self.collect(sub, below, text, log),
                Some(other) => {
                    let kind = go_type(other);
                    let fault =
                        format!("invalid type for values: expected object (map), got {kind}\n");
                    text.push_str(&format_chart(sub.name(), &fault));
                }
            }
        }
    }
}

fn has_schema(chart: &Chart) -> bool {
    chart.schema.is_some() || chart.dependencies.iter().any(|sub| has_schema(sub))
}

fn format_chart(name: &str, faults: &str) -> String {
    format!("{name}:\n{faults}")
}
