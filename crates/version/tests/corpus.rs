//! Tables of inputs with the answers of the reference libraries, one line a case.
//!
//! `corpus/<question>.tsv` holds inputs and, in the last column, what Masterminds/semver v3.5.0
//! (for `kubernetes.tsv`: k8s.io/apimachinery v0.37) answered. Adding a case is adding a line.

#[cfg(test)]
mod tables {
    use version::kubernetes::GenericVersion;
    use version::{Constraints, Version};

    fn check(table: &str, columns: usize, answer: fn(&[&str]) -> String) {
        let path = format!("corpus/{table}.tsv");
        let text = std::fs::read_to_string(&path).unwrap();
        let mut wrong = Vec::new();
        let mut cases = 0;
        for line in text.split_terminator('\n') {
            let fields: Vec<&str> = line.split('\t').collect();
            let (inputs, expected) = fields.split_at(columns);
            let got = answer(inputs);
            cases += 1;
            if got != expected.join("\t") {
                wrong.push(format!(
                    "{inputs:?}\n  expected {}\n       got {got}",
                    expected.join("\t")
                ));
            }
        }
        assert!(cases > 20, "{table}: only {cases} cases");
        assert!(
            wrong.is_empty(),
            "{table}: {} of {cases} differ\n{}",
            wrong.len(),
            wrong.join("\n")
        );
    }

    #[test]
    fn loose_versions() {
        check("parse", 1, |inputs| match Version::parse(inputs[0]) {
            Err(error) => format!("error {error}"),
            Ok(v) => {
                let next = [v.next_patch(), v.next_minor(), v.next_major()].map(|next| {
                    next.map_or_else(|error| format!("panic {error}"), |v| v.original().to_owned())
                });
                let next = match next.iter().find(|text| text.starts_with("panic")) {
                    Some(overflow) => overflow.clone(),
                    None => next.join(" "),
                };
                format!(
                    "{} {} {} [{}] [{}] {} {v} {next}",
                    v.major(),
                    v.minor(),
                    v.patch(),
                    v.prerelease(),
                    v.metadata(),
                    v.original(),
                )
            }
        });
    }

    #[test]
    fn strict_versions() {
        check("strict", 1, |inputs| match Version::parse_strict(inputs[0]) {
            Err(error) => format!("error {error}"),
            Ok(version) => version.to_string(),
        });
    }

    #[test]
    fn order() {
        check("compare", 2, |inputs| {
            let [left, right] = [inputs[0], inputs[1]].map(|text| Version::parse(text).unwrap());
            (left.compare(&right) as i8).to_string()
        });
    }

    #[test]
    fn constraints() {
        check("constraint", 1, |inputs| match Constraints::parse(inputs[0]) {
            Err(error) => format!("error {error}"),
            Ok(constraints) => constraints.to_string(),
        });
    }

    #[test]
    fn checks() {
        check("check", 2, |inputs| {
            let constraints = Constraints::parse(inputs[0]).unwrap();
            let version = Version::parse(inputs[1]).unwrap();
            let validated = constraints.validate(&version);
            let reasons = validated.clone().err().unwrap_or_default().join(" | ");
            format!("{} {} {reasons}", constraints.check(&version), validated.is_ok())
        });
    }

    #[test]
    fn kubernetes_versions() {
        check("kubernetes", 1, |inputs| match GenericVersion::parse(inputs[0]) {
            Err(error) => format!("error {error}"),
            Ok(v) => format!("{} {} {v}", v.major(), v.minor()),
        });
    }

    /// The bounds hold and nothing panics on odd text.
    #[test]
    fn odd_texts() {
        for text in
            ["\u{301}-\u{301}", "1 - \u{e9}", "v\u{e9} - 1", "~\u{e9}", "1.\u{e9}", "\0", "1\0"]
        {
            assert!(Constraints::parse(text).is_err());
            assert!(Version::parse(text).is_err());
            assert!(Version::parse_strict(text).is_err());
            let _ = GenericVersion::parse(text);
        }
    }
}
