//! The text form of a case: a comment, then sections under `-- NAME --` lines.

use std::path::Path;

/// A case.
pub struct Case {
    sections: Vec<(String, String)>,
    shared_values: String,
}

const SECTIONS: [&str; 8] =
    ["template", "text", "values", "defs", "args", "output", "error", "diagnostic"];

impl Case {
    /// Reads the case at `path`.
    pub fn read(corpus: &Path, path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let mut sections: Vec<(String, String)> = Vec::new();
        for line in text.split_inclusive('\n') {
            match (heading(line), sections.last_mut()) {
                (Some(name), _) => sections.push((name.to_owned(), String::new())),
                (None, Some((_, body))) => body.push_str(line),
                (None, None) => {}
            }
        }
        let folders = path.ancestors().skip(1).take_while(|folder| folder.starts_with(corpus));
        let shared = folders.map(|folder| folder.join("_values.yaml")).find(|file| file.is_file());
        let shared_values = shared.map(|file| std::fs::read_to_string(file).unwrap());
        Self { sections, shared_values: shared_values.unwrap_or_default() }
    }

    /// The text of a section.
    pub fn section(&self, name: &str) -> Option<&str> {
        self.sections.iter().find(|(known, _)| known == name).map(|(_, body)| body.as_str())
    }

    /// The same without the line break that ends it.
    pub fn cut(&self, name: &str) -> Option<&str> {
        self.section(name).map(|body| body.strip_suffix('\n').unwrap_or(body))
    }

    /// The files of the case's chart.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        let mut put = |name: &str, text: String| {
            files.retain(|(known, _)| known != name);
            files.push((name.to_owned(), text.into_bytes()));
        };
        put("Chart.yaml", CHART.to_owned());
        put("values.yaml", self.section("values").unwrap_or(&self.shared_values).to_owned());
        if let Some(text) = self.cut("text") {
            let defs = self.cut("defs").unwrap_or_default();
            let helper = format!("{defs}{{{{ define \"t\" }}}}{text}{{{{ end }}}}");
            put("templates/_t.tpl", helper);
            put("templates/a.yaml", "v: {{ include \"t\" . | toJson }}\n".to_owned());
        } else {
            if let Some(defs) = self.section("defs").filter(|defs| !defs.is_empty()) {
                put("templates/_t.tpl", defs.to_owned());
            }
            put("templates/a.yaml", self.section("template").unwrap_or_default().to_owned());
        }
        for (name, body) in &self.sections {
            if let Some(name) = name.strip_prefix("file ") {
                put(name, body.clone());
            }
        }
        files
    }
}

const CHART: &str = "\
apiVersion: v2
name: tiny
version: 0.1.0
appVersion: \"9.9\"
maintainers:
  - name: bob
";

fn heading(line: &str) -> Option<&str> {
    let line = line.strip_suffix('\n').unwrap_or(line);
    let name = line.strip_prefix("-- ")?.strip_suffix(" --")?;
    (SECTIONS.contains(&name) || name.starts_with("file ")).then_some(name)
}

/// Answers longer than this are cut in their middle: nobody reads on, and the repository stays
/// small. What is left out still counts, by its length and its sum.
const MAX_ANSWER: usize = 4000;

/// How much of a long answer stays at either end.
const KEPT: usize = 1000;

/// The text, its middle told by length and FNV-1a sum where it is long.
pub fn shortened(text: &str) -> String {
    if text.len() <= MAX_ANSWER {
        return text.to_owned();
    }
    let (first, last) =
        (text.floor_char_boundary(KEPT), text.ceil_char_boundary(text.len() - KEPT));
    let middle = &text[first..last];
    let sum = middle.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let length = middle.len();
    format!("{}[… {length} bytes, sum {sum:016x} …]{}", &text[..first], &text[last..])
}
