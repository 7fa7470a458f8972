//! Typical mistakes, told for people by the real binary: the report of every case of
//! `helm/corpus/templates/mistakes` is the recorded one, and `docs/errors.md` shows them all.
//!
//! `SOCLE_BLESS=1` records what is printed now.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt::Write as _;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    const CHART: &str = "apiVersion: v2\nname: tiny\nversion: 0.1.0\nappVersion: \"9.9\"\n\
                         maintainers:\n  - name: bob\n";

    struct Case {
        name: String,
        comment: String,
        sections: Vec<(String, String)>,
        path: PathBuf,
    }

    impl Case {
        fn read(path: &Path) -> Self {
            let (mut comment, mut sections) = (String::new(), Vec::<(String, String)>::new());
            for line in std::fs::read_to_string(path).unwrap().split_inclusive('\n') {
                let heading = line.trim_end().strip_prefix("-- ");
                match (heading.and_then(|line| line.strip_suffix(" --")), sections.last_mut()) {
                    (Some(name), _) => sections.push((name.to_owned(), String::new())),
                    (None, Some((_, body))) => body.push_str(line),
                    (None, None) => comment.push_str(line),
                }
            }
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            Self { name, comment, sections, path: path.to_owned() }
        }

        fn section(&self, name: &str) -> Option<&str> {
            self.sections.iter().find(|(known, _)| known == name).map(|(_, body)| body.as_str())
        }

        fn lay_out(&self, dir: &Path) {
            let mut files = BTreeMap::from([("Chart.yaml", CHART)]);
            let named = [
                ("template", "templates/a.yaml"),
                ("defs", "templates/_t.tpl"),
                ("values", "values.yaml"),
            ];
            for (section, file) in named {
                files.extend(self.section(section).map(|body| (file, body)));
            }
            for (name, body) in &self.sections {
                files.extend(name.strip_prefix("file ").map(|file| (file, body.as_str())));
            }
            for (file, body) in files {
                let path = dir.join("tiny").join(file);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, body).unwrap();
            }
        }

        /// What the binary says on standard error.
        fn told(&self, dir: &Path) -> String {
            self.lay_out(dir);
            let made = Command::new(std::env::var_os("CARGO_BIN_EXE_socle").unwrap())
                .args(["chart", "template", "rel", "tiny", "--errors", "people"])
                .args(self.section("args").unwrap_or_default().lines())
                .current_dir(dir)
                .env("HOME", dir)
                .stdin(Stdio::null())
                .output()
                .unwrap();
            let accepted = self.section("output").is_some();
            assert_eq!(made.status.success(), accepted, "{}: exit code as Helm's", self.name);
            String::from_utf8(made.stderr).unwrap()
        }

        fn bless(&mut self, told: &str) {
            self.sections.retain(|(name, _)| name != "diagnostic");
            self.sections.push(("diagnostic".to_owned(), told.to_owned()));
            let mut text = self.comment.clone();
            for (name, body) in &self.sections {
                write!(text, "-- {name} --\n{body}").unwrap();
            }
            std::fs::write(&self.path, text).unwrap();
        }

        /// The case as a chapter of the error index. Helm's longest texts are cut.
        fn chapter(&self, told: &str) -> String {
            let helm = self.section("error").unwrap_or("(accepted without a word)").trim_end();
            let helm = helm
                .strip_suffix("\n\nUse --debug flag to render out invalid YAML")
                .unwrap_or(helm);
            let (shown, more) = match helm.char_indices().nth(600) {
                Some((at, _)) => (&helm[..at], "… (and so on)"),
                None => (helm, ""),
            };
            format!(
                "## {}\n\n{}\n\nHelm:\n\n```text\n{shown}{more}\n```\n\nSocle:\n\n```text\n{}\n```\n",
                self.name,
                self.comment.trim_end(),
                told.trim_end()
            )
        }
    }

    #[expect(clippy::disallowed_methods, reason = "recording is asked for by the environment")]
    fn blessing() -> bool {
        std::env::var("SOCLE_BLESS").is_ok()
    }

    fn repository() -> PathBuf {
        PathBuf::from("../..")
    }

    #[test]
    fn mistakes_are_told_with_place_values_and_remedy() {
        let folder = repository().join("crates/helm/corpus/templates/mistakes");
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        assert!(paths.len() >= 30, "the mistakes are not where they should be");
        let scratch = std::env::temp_dir().join(format!("socle-mistakes-{}", std::process::id()));
        let mut index = String::from(
            "# Typical mistakes\n\nWhat Helm says and what Socle says (`--errors people`, the \
             default on a terminal). The reports\nare printed by the program: `SOCLE_BLESS=1 cargo \
             test -p socle-cli --test mistakes` writes this page.\n",
        );
        let mut differing = Vec::new();
        for path in paths {
            let mut case = Case::read(&path);
            let told = case.told(&scratch.join(&case.name));
            write!(index, "\n{}", case.chapter(&told)).unwrap();
            if blessing() {
                case.bless(&told);
            } else if case.section("diagnostic") != Some(&told) {
                differing.push(format!("{}:\n{told}", case.name));
            }
        }
        let _ = std::fs::remove_dir_all(&scratch);
        let page = repository().join("docs/errors.md");
        if blessing() {
            std::fs::write(page, index).unwrap();
            return;
        }
        assert!(differing.is_empty(), "not as recorded:\n{}", differing.join("\n"));
        assert_eq!(std::fs::read_to_string(page).unwrap(), index, "docs/errors.md is out of date");
    }

    /// `examples/mistakes` is for newcomers: each of its templates fails, with place and remedy.
    #[test]
    fn the_example_makes_each_of_its_mistakes() {
        let chart = repository().join("examples/mistakes");
        let readme = std::fs::read_to_string(chart.join("README.md")).unwrap();
        let mut count = 0;
        for entry in std::fs::read_dir(chart.join("templates")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            let made = Command::new(std::env::var_os("CARGO_BIN_EXE_socle").unwrap())
                .args(["chart", "template", "broken", "examples/mistakes"])
                .args(["--errors", "people", "--set", &format!("mistake={name}")])
                .current_dir(repository())
                .stdin(Stdio::null())
                .output()
                .unwrap();
            let told = String::from_utf8(made.stderr).unwrap();
            assert_eq!(made.status.code(), Some(1), "{name}: {told}");
            assert!(told.contains(&format!("templates/{name}.yaml:")), "{name}: {told}");
            assert!(told.contains("= help: "), "{name}: {told}");
            assert!(readme.contains(&format!("| `{name}` |")), "{name} is not in the README");
            count += 1;
        }
        assert!(count >= 9, "the templates are not where they should be");
    }

    /// The flags that its README advises last, as they are written there.
    #[test]
    fn the_example_s_last_advice_finds_the_value_that_nothing_reads() {
        let readme = repository().join("examples/mistakes/README.md");
        let readme = std::fs::read_to_string(readme).unwrap();
        let advice = readme.split('`').find(|text| text.ends_with(" --unread")).unwrap();
        let made = Command::new(std::env::var_os("CARGO_BIN_EXE_socle").unwrap())
            .args(["chart", "template", "broken", "examples/mistakes"])
            .args(advice.split(' '))
            .current_dir(repository())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let told = String::from_utf8(made.stdout).unwrap();
        assert!(made.status.success(), "{advice}");
        assert!(told.starts_with("no template reads .Values.image.tga ("), "{told}");
    }
}
