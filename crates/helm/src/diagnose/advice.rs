//! What to do about an error, by what its message says: one table, one row an error.

/// One row: the error whose message holds all of `signs`.
pub(super) struct Advice {
    /// The error's stable name.
    pub code: &'static str,
    /// Parts that the message holds, in any order.
    signs: &'static [&'static str],
    /// What to do, the likeliest first.
    remedies: &'static [&'static str],
}

impl Advice {
    pub(super) fn remedies(&self) -> Vec<String> {
        self.remedies.iter().map(|text| (*text).to_owned()).collect()
    }
}

/// The first row that fits the message.
pub(super) fn find(message: &str) -> Option<&'static Advice> {
    TABLE.iter().find(|row| row.signs.iter().all(|sign| message.contains(sign)))
}

/// The table. Where two rows fit, the first counts.
const TABLE: &[Advice] = &[
    Advice {
        code: "template.recursion",
        signs: &["nested reference name"],
        remedies: &[
            "let the named template end: include it only under a condition that becomes false, \
             or include another one",
        ],
    },
    Advice {
        code: "template.nil-value",
        signs: &["nil pointer evaluating"],
        remedies: &[
            "give the value, in values.yaml or with -f",
            "or read it only when it is there: `{{ with .Values.a }}{{ .b }}{{ end }}`, or \
             `{{ (.Values.a).b | default \"x\" }}`, where the parentheses allow a missing `a`",
        ],
    },
    Advice {
        code: "template.dot-is-not-the-root",
        signs: &["can't evaluate field Values"],
        remedies: &[
            "inside `range` and `with` the dot is the element, not the root: write `$.Values`",
            "in a named template the dot is what `include` was given: pass the root, as in \
             `include \"name\" $`",
        ],
    },
    Advice {
        code: "template.not-a-section",
        signs: &["can't evaluate field"],
        remedies: &[
            "give a section (`name:` with keys below it) where there is a plain value, or read the \
             value itself, without the field",
        ],
    },
    Advice {
        code: "template.not-a-list",
        signs: &["range can't iterate over"],
        remedies: &[
            "give a list (`- item` lines, or `[a, b]`) or a section where there is one value",
        ],
    },
    Advice {
        code: "template.not-comparable",
        signs: &["incompatible types for comparison"],
        remedies: &[
            "every number of a values file is a float64, and a plain `1` in a template is an int: \
             convert one side, as in `eq (int .Values.replicas) 1`",
        ],
    },
    Advice {
        code: "template.wrong-type",
        signs: &["wrong type for value; expected string; got map"],
        remedies: &[
            "give text where there is a section, or turn the section into text first with `toYaml`",
        ],
    },
    Advice {
        code: "template.wrong-type",
        signs: &["wrong type for value; expected string"],
        remedies: &[
            "turn the value into text first: `… | toString | …`",
            "or give it as text, in quotes",
        ],
    },
    Advice {
        code: "template.wrong-type",
        signs: &["wrong type for value; expected"],
        remedies: &["give the function a value of the type that it expects"],
    },
    Advice {
        code: "template.wrong-type",
        signs: &["invalid value; expected"],
        remedies: &[
            "the value is not set: give it, or put a `default` before the function",
            "in a named template nothing is set when it is called without a dot: write \
             `{{ template \"name\" . }}`",
        ],
    },
    Advice {
        code: "template.index",
        signs: &["error calling index"],
        remedies: &[
            "the list is shorter than that, or the section has no such key: look at its length with \
             `len`, or go through it with `range`",
        ],
    },
    Advice {
        code: "template.argument-count",
        signs: &["wrong number of args for"],
        remedies: &[
            "give the function as many arguments as it takes; a piped value is the last one",
        ],
    },
    Advice {
        code: "template.unknown-function",
        signs: &["function", "not defined"],
        remedies: &["correct the function's name"],
    },
    Advice {
        code: "template.unclosed-block",
        signs: &["unexpected EOF"],
        remedies: &["close the block with `{{ end }}`"],
    },
    Advice {
        code: "template.unclosed-block",
        signs: &["unexpected <define>"],
        remedies: &[
            "close the block before it with `{{ end }}`: no `define` stands within another block",
        ],
    },
    Advice {
        code: "template.extra-end",
        signs: &["unexpected {{end}}"],
        remedies: &["remove this `end`, or open the block that it should close"],
    },
    Advice {
        code: "template.unclosed-text",
        signs: &["unterminated quoted string"],
        remedies: &["close the quote before the action ends"],
    },
    Advice {
        code: "template.unclosed-text",
        signs: &["unterminated raw quoted string"],
        remedies: &["close the text with a backquote"],
    },
    Advice {
        code: "template.unclosed-action",
        signs: &["unexpected \"}\""],
        remedies: &["close the action with two braces: `}}`"],
    },
    Advice {
        code: "template.unclosed-action",
        signs: &["unclosed action"],
        remedies: &["close the action with `}}`"],
    },
    Advice {
        code: "template.dash-in-name",
        signs: &["bad character U+002D '-'"],
        remedies: &[
            "a name with a dash cannot be a field: write `index .Values \"my-key\"`, or name it \
             `myKey`",
        ],
    },
    Advice {
        code: "template.unknown-variable",
        signs: &["undefined variable"],
        remedies: &[
            "declare it before, as in `{{ $name := … }}`; what is declared inside `if`, `with` or \
             `range` ends with it: declare it before the block and change it there with `=`",
        ],
    },
    Advice {
        code: "manifest.colon",
        signs: &["mapping values are not allowed"],
        remedies: &[
            "the line is indented deeper than the one before, or a plain value holds `: `: check \
             the indentation (`nindent` with the right number), or quote the value (`| quote`)",
        ],
    },
    Advice {
        code: "manifest.braces",
        signs: &["invalid map key"],
        remedies: &[
            "braces that are text want quotes (`| quote`)",
            "a template that stands in the values is run by `{{ tpl .Values.x . }}`; the two braces of \
             an action stand together",
        ],
    },
    Advice {
        code: "manifest.tab",
        signs: &["found a tab character"],
        remedies: &["indent with spaces: YAML allows no tabs there"],
    },
    Advice {
        code: "manifest.unquoted",
        signs: &["found character that cannot start any token"],
        remedies: &[
            "quote the value (`| quote`): no plain value begins with `@`, `%` or a backquote",
        ],
    },
    Advice {
        code: "manifest.indentation",
        signs: &["did not find expected key"],
        remedies: &[
            "lines of one section must start in the same column: check the number given to \
             `indent` or `nindent`, and the dashes in `{{-` that swallow line breaks",
        ],
    },
    Advice {
        code: "manifest.flow",
        signs: &["did not find expected ',' or"],
        remedies: &[
            "quote the value (`| quote`): it starts with a brace or bracket and is read as a map or list",
        ],
    },
    Advice {
        code: "manifest.indentation",
        signs: &["could not find expected ':'"],
        remedies: &[
            "a line of a section lacks `: `: check that every include is indented by `nindent`",
        ],
    },
    Advice {
        code: "manifest.indentation",
        signs: &["block sequence entries are not allowed"],
        remedies: &["put the list on lines of its own: `nindent` before it"],
    },
    Advice {
        code: "chart.missing-dependency",
        signs: &["missing in charts/ directory"],
        remedies: &[
            "fetch it: `socle chart dependency build CHART` (or `update`, when there is no Chart.lock)",
        ],
    },
    Advice {
        code: "values.schema",
        signs: &["values don't meet the specifications of the schema"],
        remedies: &[
            "correct the values at the paths named above; values.schema.json of the chart says what it wants",
        ],
    },
    Advice {
        code: "chart.no-such-template",
        signs: &["could not find template", "in chart"],
        remedies: &[
            "name the template by its path in the chart, as in `templates/web.yaml`; the lines \
             `# Source:` of the whole output show them, without the chart's name",
            "a template that prints nothing with these values is not found either",
        ],
    },
    Advice {
        code: "argument.kube-version",
        signs: &["invalid kube version"],
        remedies: &["write the version as numbers: `1.34`, or `v1.34.2`"],
    },
    Advice {
        code: "chart.kube-version",
        signs: &["which is incompatible with Kubernetes"],
        remedies: &[
            "name the version of your cluster with --kube-version, or take a version of the chart that supports it",
        ],
    },
    Advice {
        code: "yaml.escape",
        signs: &["found unknown escape character"],
        remedies: &[
            "double the backslash, or put the text between single quotes, where it is a plain character",
        ],
    },
    Advice {
        code: "yaml.anchor",
        signs: &["unknown anchor"],
        remedies: &[
            "quote a value that begins with `*`, or name what it stands for with `&` before",
        ],
    },
    Advice {
        code: "file.missing",
        signs: &["failed parsing --set-file", "no such file or directory"],
        remedies: &["check the path; it is looked up from the directory in which the command runs"],
    },
    Advice {
        code: "values.set-json",
        signs: &["failed parsing --set-json"],
        remedies: &[
            "give JSON, as in `--set-json 'a={\"b\": 1}'`, and put it between single quotes, or the shell \
             takes the double ones away; `--set` takes plain values",
        ],
    },
    Advice {
        code: "values.set-syntax",
        signs: &["failed parsing --set"],
        remedies: &[
            "write name=value, a.b=value, list[0]=value or list={a,b}; a comma in a value is written `\\,`",
        ],
    },
    Advice {
        code: "yaml.unclosed-quote",
        signs: &["found unexpected end of stream"],
        remedies: &["close the quote: a text that begins with `\"` or `'` ends with the same"],
    },
    Advice {
        code: "yaml.no-value",
        signs: &["did not find expected node content"],
        remedies: &[
            "write the value that is missing, or close the list or section with `]` or `}`",
        ],
    },
    Advice {
        code: "values.not-a-section",
        signs: &["cannot unmarshal", "map[string]interface {}"],
        remedies: &["a values file is a section: lines of `name: value` at its outermost level"],
    },
    Advice {
        code: "chart.not-found",
        signs: &["non-absolute URLs should be in form of repo_name/path_to_chart"],
        remedies: &[
            "there is no such directory or archive here: check the path, which is looked up from the \
             directory in which the command runs",
            "or name a chart of a repository, `REPOSITORY/CHART`, `--repo URL CHART` or `oci://…`",
        ],
    },
    Advice {
        code: "chart.not-found",
        signs: &["path ", "not found"],
        remedies: &["check the path; it is looked up from the directory in which the command runs"],
    },
    Advice {
        code: "repository.unknown",
        signs: &["repo ", " not found"],
        remedies: &[
            "there is no such directory here: check the path, if it should be one",
            "or make the repository known: `helm repo add NAME URL`, or name it with `--repo URL`",
        ],
    },
    Advice {
        code: "file.missing",
        signs: &["no such file or directory"],
        remedies: &["check the path; it is looked up from the directory in which the command runs"],
    },
    Advice {
        code: "chart.metadata",
        signs: &["chart.metadata."],
        remedies: &[
            "correct Chart.yaml: it needs apiVersion, name and version; a `type` is application or library",
        ],
    },
];
