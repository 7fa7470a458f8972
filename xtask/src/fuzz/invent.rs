//! Makes templates up: random pipelines over every function that the corpus names, with operands of
//! every type, in every kind of action.

use super::chance::Chance;
use super::mutate::Pool;

/// Operands of each type, the odd ones included.
const OPERANDS: &[&str] = &[
    ".",
    "$",
    "nil",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "3",
    "63",
    "9223372036854775807",
    "-9223372036854775808",
    "1.5",
    "-0.0",
    "1e3",
    "1e20",
    "0x1F",
    "1i",
    "'a'",
    "\"\"",
    "\"a\"",
    "\"a,b,,c\"",
    "\"Hello World\"",
    "\"h\u{e9}llo\"",
    "\"\\xff\"",
    "\"1.2.3-alpha.1\"",
    "\">= 1.0.0, < 3\"",
    "\"12\"",
    "\"1h2m3s\"",
    "\"%v|%5d|%-5s|%q\"",
    "\"(a+)(b)?\"",
    "\"a: [1, {b: null}]\"",
    "\"{\\\"a\\\": [1, 2.5]}\"",
    "`x\ny`",
    ".Values.s",
    ".Values.i",
    ".Values.f",
    ".Values.t",
    ".Values.n",
    ".Values.list",
    ".Values.nums",
    ".Values.m",
    ".Values.nest",
    ".Values.nest.x.w",
    ".Values.nope",
    ".Values.nope.deeper",
    ".Values.huge",
    ".Chart",
    ".Files",
    ".Release.Name",
    "(list)",
    "(list 1 \"a\" nil)",
    "(list 3 1 2)",
    "(dict)",
    "(dict \"a\" 1 \"b\" (dict \"c\" 2))",
    "(until 3)",
    "(int64 7)",
    "(float64 2)",
    "(toString 5)",
    "(splitList \",\" \"a,b\")",
    "(duration 90)",
];

/// Expressions nest so deep.
const DEPTH: usize = 3;

impl Pool {
    /// One template.
    pub fn invent(&self, chance: &mut Chance) -> String {
        (0..=chance.below(2)).map(|_| self.action(chance)).collect()
    }

    fn action(&self, chance: &mut Chance) -> String {
        let pipeline = self.pipeline(chance);
        match chance.below(10) {
            0 => format!("{{{{ range {pipeline} }}}}[{{{{ . }}}}]{{{{ else }}}}none{{{{ end }}}}"),
            1 => format!(
                "{{{{ range $k, $v := {pipeline} }}}}{{{{ $k }}}}={{{{ $v }}}};{{{{ end }}}}"
            ),
            2 => format!("{{{{ with {pipeline} }}}}{{{{ . }}}}{{{{ else }}}}none{{{{ end }}}}"),
            3 => format!("{{{{ if {pipeline} }}}}yes{{{{ else }}}}no{{{{ end }}}}"),
            4 => format!("{{{{ $x := {pipeline} }}}}{{{{ printf \"%T %v\" $x $x }}}}"),
            5 => format!("{{{{ {pipeline} | toYaml }}}}"),
            6 => format!("{{{{ {pipeline} | toJson }}}}"),
            _ => format!("{{{{ {pipeline} }}}}"),
        }
    }

    fn pipeline(&self, chance: &mut Chance) -> String {
        let mut text = self.call(chance, DEPTH);
        for _ in 0..chance.below(3) {
            text = format!("{text} | {}", self.call(chance, 1));
        }
        text
    }

    fn call(&self, chance: &mut Chance, depth: usize) -> String {
        let mut text = chance.pick(&self.names).cloned().unwrap_or_default();
        for _ in 0..chance.below(4) {
            text.push(' ');
            text += &self.operand(chance, depth);
        }
        text
    }

    fn operand(&self, chance: &mut Chance, depth: usize) -> String {
        match chance.below(5) {
            0 if depth > 0 => format!("({})", self.call(chance, depth - 1)),
            1 => chance.pick(&self.operands).cloned().unwrap_or_default(),
            _ => (*chance.pick(OPERANDS).unwrap_or(&"1")).to_owned(),
        }
    }
}
