//! The documents of a stream as Kubernetes' decoder splits it (`YAMLOrJSONDecoder` of apimachinery):
//! JSON as long as it is JSON, and YAML from there on.
//!
//! Not here: what the documents say.

use crate::chart::Misfit;
use crate::schema::{Json, JsonError};

/// A document, or why there is none.
pub(super) struct Document<'t> {
    pub(super) text: Result<&'t [u8], String>,
    /// What is said instead where the text is not readable: what was wrong with it as JSON.
    pub(super) fault: Option<String>,
}

impl<'t> Document<'t> {
    fn of(text: &'t [u8]) -> Self {
        Self { text: Ok(text), fault: None }
    }
}

/// The documents of a text.
pub(super) fn documents(content: &[u8]) -> Vec<Document<'_>> {
    if content.trim_ascii_start().first() != Some(&b'{') {
        return yaml_documents(content);
    }
    let mut documents = Vec::new();
    let mut rest = content;
    loop {
        let (end, value) = Json::first(rest);
        let offset = content.len() - rest.len() + end + 1;
        let fault = match value {
            Ok(Json::Object(_) | Json::Null) => {
                documents.push(Document::of(&rest[..end]));
                rest = &rest[end..];
                continue;
            }
            Ok(other) => Misfit::whole(&other.to_plain(), "rules.k8sYamlStruct").to_string(),
            Err(JsonError::Empty) => return documents,
            Err(fault) if documents.len() > 1 => fault.to_string(),
            Err(fault @ (JsonError::Character { .. } | JsonError::Escape(_))) => {
                format!("json: offset {offset}: {fault}")
            }
            Err(fault) => fault.to_string(),
        };
        // What two documents have shown to be JSON is nothing else.
        if documents.len() > 1 {
            documents.push(Document { text: Err(fault), fault: None });
            return documents;
        }
        let mut others = yaml_documents(without_blank_line(rest));
        if let Some(first) = others.first_mut() {
            first.fault = Some(fault);
        }
        documents.append(&mut others);
        return documents;
    }
}

/// The text without white space, at most to the end of the line.
fn without_blank_line(text: &[u8]) -> &[u8] {
    let blank =
        text.iter().take_while(|byte| byte.is_ascii_whitespace() && **byte != b'\n').count();
    let rest = &text[blank..];
    rest.strip_prefix(b"\n").unwrap_or(rest)
}

/// YAML as far as the first separator that is not alone on its line.
fn yaml_documents(content: &[u8]) -> Vec<Document<'_>> {
    let mut documents = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        let end = at + line.len();
        if let Some(after) = line.strip_prefix(b"---") {
            let after = String::from_utf8_lossy(after);
            let after = after.trim();
            if !after.is_empty() && !after.starts_with('#') {
                let fault = format!("invalid Yaml document separator: {after}");
                documents.push(Document { text: Err(fault), fault: None });
                return documents;
            }
            // One with nothing before it is read along with what follows.
            if at > start {
                documents.push(Document::of(&content[start..at]));
                start = end;
            }
        }
        at = end;
    }
    documents.push(Document::of(&content[start..]));
    documents
}
