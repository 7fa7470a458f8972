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
    with_knot("toYamlPretty $d").render(SMALL).refused("nested too deeply for YAML");
    for toml in ["toToml $d", "mustToToml $d", "toToml (dict \"a\" (list $d))"] {
        with_knot(toml).render(DEEP).refused("nested too deeply for TOML");
    }
}

#[test]
fn printed() {
    let words = "value is nested too deeply to print: does it contain itself?";
    for action in ["$d", "printf \"%v\" $d", "print $d", "println $d", "html $d", "js $d"] {
        with_knot(action).render(SMALL).refused(words);
    }
    for action in ["quote $d", "squote $d", "cat $d", "join \",\" (list $d)", "toString $d"] {
        with_knot(&format!("{action} | len")).render(SMALL).accepted_or_refused();
    }
    with_knot("fail (toString $d)").render(SMALL).accepted_or_refused();
}

#[test]
fn copied_and_merged() {
    with_knot("deepCopy $d").render(DEEP).refused("nested too deeply or contains itself");
    with_knot("mustDeepCopy $d").render(DEEP).refused("nested too deeply or contains itself");
    for action in ["merge $d $e", "mustMerge $d $e", "mergeOverwrite $d $e"] {
        with_knot(action).render(DEEP).refused("nested too deeply or contain themselves");
    }
}

#[test]
fn compared() {
    for action in
        ["deepEqual $d $e", "has $d (list $e)", "uniq (list $d $e)", "without (list $d) $e"]
    {
        with_knot(&format!("{action} | len | print | quote")).render(DEEP).accepted_or_refused();
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
    for extra in ["--unread", "--format=json", "--explain=x/y:z", "--debug"] {
        bench.run(&["template", "r", "c", extra], DEEP).accepted_or_refused();
    }
}
