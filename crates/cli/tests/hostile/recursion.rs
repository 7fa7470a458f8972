//! Templates that call themselves, by every way there is.

use crate::bench::{Bench, Bound, LARGE, SMALL};

#[test]
fn includes() {
    let itself = "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}";
    let words = "rendering template has a nested reference name: a: unable to execute template";
    Bench::with_template(itself).render(SMALL).refused(words);
    let twice = "{{ define \"a\" }}{{ include \"a\" . }}{{ include \"a\" . }}{{ end }}\
                 {{ include \"a\" . }}";
    Bench::with_template(twice).render(SMALL).refused(words);
    let each_other = "{{ define \"a\" }}{{ include \"b\" . }}{{ end }}\
                      {{ define \"b\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}";
    Bench::with_template(each_other).render(SMALL).refused(words);
    let own_file = "{{ include \"c/templates/a.yaml\" . }}";
    let words = "nested reference name: c/templates/a.yaml";
    Bench::with_template(own_file).render(SMALL).refused(words);
}

#[test]
fn template_actions() {
    let bound = Bound { mib: 400, ..SMALL };
    let itself = "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}";
    let ran = Bench::with_template(itself).render(bound);
    ran.refused("maximum template depth");
    let each_other = "{{ define \"a\" }}{{ template \"b\" . }}{{ end }}\
                      {{ define \"b\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}";
    Bench::with_template(each_other).render(bound).refused("maximum template depth");
    let block = "{{ block \"a\" . }}{{ template \"a\" . }}{{ end }}";
    Bench::with_template(block).render(bound).refused("maximum template depth");
}

#[test]
fn texts_as_templates() {
    let words = "include and tpl are nested 2100 deep: does a text or a template call itself?";
    for values in ["t: '{{ tpl .Values.t . }}'", "t: '{{ tpl .Values.t . }}{{ tpl .Values.t . }}'"]
    {
        let bench = Bench::with_template("{{ tpl .Values.t . }}");
        bench.write("c/values.yaml", values);
        bench.render(LARGE).refused(words);
    }
    let growing = "{{ $_ := set . \"t\" \"{{ tpl (print .t .t) . }}\" }}{{ tpl .t . }}";
    Bench::with_template(growing).render(LARGE).refused(words);
    let mixed = "{{ define \"a\" }}{{ tpl \"{{ include `a` . }}\" . }}{{ end }}\
                 {{ include \"a\" . }}";
    Bench::with_template(mixed).render(LARGE).refused("nested");
    let defining =
        "{{ tpl \"{{ define `a` }}{{ include `a` . }}{{ end }}{{ include `a` . }}\" . }}";
    Bench::with_template(defining).render(LARGE).refused("nested reference name: a");
}

#[test]
fn the_same_told_to_people() {
    let bench = Bench::with_template("{{ tpl .Values.t . }}");
    bench.write("c/values.yaml", "t: '{{ tpl .Values.t . }}'");
    bench
        .run(&["template", "r", "c", "--errors", "people"], LARGE)
        .refused("include and tpl are nested 2100 deep");
    for extra in ["--debug", "--unread", "--format=json"] {
        bench.run(&["template", "r", "c", extra], LARGE).refused("nested 2100 deep");
    }
    bench.run(&["lint", "c"], LARGE).refused("1 chart(s) linted, 1 chart(s) failed");
}

#[test]
fn charts_within_themselves() {
    let bench = Bench::new();
    let chart = "apiVersion: v2\nname: c\nversion: 0.1.0\ndependencies:\n- name: c\n  \
                 version: 0.1.0\n  repository: file://.\n";
    bench.write("c/Chart.yaml", chart);
    bench.render(SMALL).refused("found in Chart.yaml, but missing in charts/ directory: c");
    bench.link("c/charts/c", "..");
    bench.render(LARGE).refused("lstat");
    bench.run(&["dependency", "list", "c"], LARGE).refused("lstat");
}
