//! Loops, texts, lists and patterns that grow beyond any machine.

use crate::bench::{Bench, Bound, LARGE, SMALL};

/// Every template is refused with these words.
fn all_refused(words: &str, bound: Bound, templates: &[&str]) {
    for template in templates {
        println!("{template}");
        Bench::with_template(template).render(bound).refused(words);
    }
}

/// Every action ends, and gives this in quotes.
fn all_accepted(answer: &str, bound: Bound, actions: &[&str]) {
    for action in actions {
        println!("{action}");
        let template = format!("a: {{{{ {action} | quote }}}}");
        Bench::with_template(template).render(bound).accepted(&format!("a: \"{answer}\""));
    }
}

#[test]
fn lists_of_numbers() {
    all_refused(
        "the list would have more than 5000000 elements",
        SMALL,
        &[
            "{{ until 1000000000 | len }}",
            "{{ untilStep 0 1000000000 1 | len }}",
            "{{ seq 1 1000000000 | len }}",
            "{{ until 9223372036854775807 | len }}",
        ],
    );
}

#[test]
fn long_texts() {
    all_refused(
        "the resulting text would be longer than 268435456 bytes",
        LARGE,
        &[
            "{{ repeat 1000000000 \"x\" }}",
            "{{ repeat 100000 (repeat 100000 \"x\") }}",
            "{{ indent 1000000000 \"x\" }}",
            "{{ nindent 100000 (repeat 100000 \"\\n\") }}",
            "{{ replace \"\" (repeat 100000 \"b\") (repeat 1000000 \"a\") }}",
            "{{ regexReplaceAll \"\" (repeat 100000 \"a\") (repeat 100000 \"b\") }}",
            "{{ regexReplaceAllLiteral \"\" (repeat 100000 \"a\") (repeat 100000 \"b\") }}",
        ],
    );
    // A width beyond a million is none to Go.
    all_accepted("25", SMALL, &["printf \"%1000000000d\" 1 | len"]);
    all_accepted("1000000", SMALL, &["printf \"%*d\" 1000000 1 | len"]);
    all_accepted("999999", SMALL, &["printf \"%.999997f\" 1.0 | len"]);
}

#[test]
fn one_text_many_times() {
    // A list of four million times one text of a megabyte takes no room, but what it prints does.
    let list = "{{ $l := list (repeat 1000000 \"x\") }}\
                {{ range until 22 }}{{ $l = concat $l $l }}{{ end }}";
    let words = "the resulting text would be longer than 268435456 bytes";
    for function in ["toYaml", "toJson", "toPrettyJson", "toRawJson", "toYamlPretty", "toToml"] {
        println!("{function}");
        let template = format!("{list}{{{{ {function} $l }}}}");
        Bench::with_template(template).render(LARGE).refused(words);
    }
}

#[test]
fn expressions() {
    let accepted = [
        ("1", "regexReplaceAll \"(a*)*b\" (repeat 100000 \"a\") \"x\" | len | min 1"),
        ("false", "regexMatch \"(x+x+)+y\" (repeat 1000000 \"x\")"),
        ("false", "regexMatch \"((a{1000}){1000}){1000}\" \"a\""),
        ("true", "regexMatch \"(a?){500}a{500}\" (repeat 500 \"a\")"),
        ("false", "regexMatch (repeat 100000 \"(\") \"a\""),
        ("true", "regexMatch (print (repeat 990 \"(\") \"a\" (repeat 990 \")*\")) \"b\""),
        ("false", "regexMatch \"(\\\\pL{30}){30}\" \"a\""),
        ("10000", "regexFindAll \".\" (repeat 10000 \"a\") -1 | len"),
    ];
    let bound = Bound { seconds: 60.0, ..SMALL };
    for (answer, action) in accepted {
        all_accepted(answer, bound, &[action]);
    }
}

#[test]
fn versions_and_other_little_languages() {
    let long = "repeat 1000000";
    for action in [
        format!("semver ({long} \"1.\")"),
        format!("semverCompare ({long} \"1||\") \"1.0.0\""),
        format!("durationRound ({long} \"1h\")"),
        format!("mustToDate ({long} \"2\") ({long} \"x\")"),
        format!("urlParse ({long} \"%41\") | len"),
        format!("mustFromJson ({long} \"[\")"),
        format!("b64dec ({long} \"@\") | len"),
        format!("atoi ({long} \"9\")"),
        format!("({long} \"1\") | int64 | add 9223372036854775807"),
        format!("plural \"a\" \"b\" 3 | cat ({long} \"x\") | abbrev 10"),
        format!("derivePassword 1 \"long\" ({long} \"p\") \"u\" \"s\" | len"),
    ] {
        println!("{action}");
        let bound = Bound { seconds: 40.0, mib: 400 };
        Bench::with_template(format!("a: {{{{ {action} }}}}")).render(bound).accepted_or_refused();
    }
}
