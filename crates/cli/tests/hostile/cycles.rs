//! Maps that contain themselves: `set $d "x" $d`. Go overflows its stack on most of these.

use crate::bench::{Bench, Bound, SMALL};

/// Copying goes down until a limit of the stack.
const DEEP: Bound = Bound { seconds: 30.0, mib: 700 };

const KNOT: &str = "{{ $d := dict }}{{ $_ := set $d \"x\" $d }}\
                    {{ $e := dict }}{{ $_ := set $e \"x\" $e }}";

fn with_knot(action: &str) -> Bench {
    Bench::with_template(format!("{KNOT}a: {{{{ {action} }}}}"))
}

#[test]
fn written() {
    // Where Helm gives an empty text instead of an error, so do we.
    for quiet in ["toYaml $d", "toJson $d", "toPrettyJson $d", "toYaml (list $d)"] {
        with_knot(&format!("{quiet} | quote")).render(SMALL).accepted("a: \"\"");
    }
    for loud in ["toRawJson $d", "mustToJson $d", "mustToPrettyJson $d", "mustToRawJson $d"] {
        with_knot(loud).render(SMALL).refused("encountered a cycle via map[string]interface {}");
    }
    with_knot("mustToYaml $d").render(SMALL).refused("encountered a cycle");
    with_knot("toYamlPretty $d").render(SMALL).refused("the value is nested too deeply for YAML");
    for toml in ["toToml $d", "mustToToml $d", "toToml (dict \"a\" (list $d))"] {
        with_knot(toml).render(DEEP).refused("the value is nested too deeply for TOML");
    }
}

#[test]
fn printed() {
    let words = "value is nested too deeply or too long to print: does it contain itself?";
    for action in ["$d", "printf \"%v\" $d", "print $d", "println $d", "html $d", "js $d"] {
        with_knot(action).render(SMALL).refused(words);
    }
    // A function that gives a text stops there without a word.
    for (action, length) in [
        ("quote $d", 7002),
        ("squote $d", 7002),
        ("cat $d", 7000),
        ("join \",\" (list $d)", 7000),
        ("toString $d", 7000),
    ] {
        let printed = format!("a: {length}");
        with_knot(&format!("{action} | len")).render(SMALL).accepted(&printed);
    }
    with_knot("fail (toString $d)").render(SMALL).refused("map[x:map[x:map[x:");
}

#[test]
fn copied_and_merged() {
    let words = "the value to copy is nested too deeply or contains itself";
    with_knot("deepCopy $d").render(DEEP).refused(words);
    with_knot("mustDeepCopy $d").render(DEEP).refused(words);
    let words = "the maps to merge are nested too deeply or contain themselves";
    for action in ["merge $d $e", "mustMerge $d $e", "mergeOverwrite $d $e"] {
        with_knot(action).render(DEEP).refused(words);
    }
}

#[test]
fn compared() {
    // What comes back to where it was is equal so far, as for Go.
    for (action, answer) in [
        ("deepEqual $d $e", "true"),
        ("has $d (list $e)", "true"),
        ("uniq (list $d $e) | len", "1"),
        ("without (list $d) $e | len", "0"),
    ] {
        with_knot(action).render(DEEP).accepted(&format!("a: {answer}"));
    }
    with_knot("eq $d $e").render(SMALL).refused("error calling eq");
    with_knot("dig \"x\" \"x\" \"x\" 1 $d | len").render(SMALL).accepted("a: 1");
    with_knot("pick $d \"x\" | len").render(SMALL).accepted("a: 1");
}

#[test]
fn in_the_scope_itself() {
    let values = "{{ $_ := set .Values \"x\" .Values }}a: {{ toYaml .Values | quote }}";
    Bench::with_template(values).render(SMALL).accepted("a: \"\"");
    let root = "{{ $_ := set . \"x\" . }}a: {{ tpl \"{{ .x.x.x | toYaml | quote }}\" . }}";
    Bench::with_template(root).render(DEEP).accepted("a: \"\"");
    let bench = Bench::with_template("{{ $_ := set .Values \"x\" .Values }}a: 1");
    for (extra, printed) in
        [("--unread", ""), ("--format=json", "\"objects\""), ("--debug", "a: 1")]
    {
        bench.run(&["template", "r", "c", extra], DEEP).accepted(printed);
    }
    let explained = bench.run(&["template", "r", "c", "--explain=x/y:z"], DEEP);
    explained.refused("no object x/y; there are: /");
}
