//! `--each` through the real binary: the same bytes, files and exit code whatever the order in which
//! the instances were written and whatever the number of threads; failing instances are told and
//! leave the others alone.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Output, Stdio};

    /// More than the threads and their window, so that results wait for each other.
    const INSTANCES: usize = 60;

    const CHART: [(&str, &str); 3] = [
        ("Chart.yaml", "apiVersion: v2\nname: tiny\nversion: 0.1.0\n"),
        ("values.yaml", "count: 1\nbroken: never\n"),
        (
            "templates/a.yaml",
            "{{- if eq .Values.broken \"fail\" }}{{ fail (print .Release.Name \" is broken\") }}{{ end }}\n\
             {{- range until (int .Values.count) }}\n---\napiVersion: v1\nkind: ConfigMap\n\
             metadata:\n  name: {{ $.Release.Name }}-{{ . }}\n  namespace: {{ $.Release.Namespace }}\n\
             data:\n  first: {{ $.Values.first | quote }}\n  second: {{ $.Values.second | quote }}\n\
             {{- end }}\n",
        ),
    ];

    /// A generator whose numbers are the same each time (Knuth's MMIX constants).
    struct Shuffle(u64);

    impl Shuffle {
        fn below(&mut self, bound: usize) -> usize {
            let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
            self.0 = next.wrapping_add(1_442_695_040_888_963_407);
            usize::try_from((self.0 >> 33) % bound as u64).unwrap()
        }

        fn order(&mut self, count: usize) -> Vec<usize> {
            let mut order: Vec<usize> = (0..count).collect();
            for last in (1..count).rev() {
                order.swap(last, self.below(last + 1));
            }
            order
        }
    }

    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("socle-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn write(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The files of an instance: each fifth fails (in the template, in its YAML, by its name), each
    /// third is a folder; sizes differ, so that threads overtake each other.
    fn files(index: usize) -> Vec<(String, String)> {
        let name = format!("i{index:02}");
        let count = (index * 37) % 50 + 1;
        let text = format!("count: {count}\nfirst: {name}\n");
        match index % 15 {
            4 => vec![(format!("{name}.yaml"), text + "broken: fail\n")],
            9 => vec![(format!("{name}.yaml"), text + "first: [\n")],
            14 => vec![(format!("{name}_.yaml"), text)],
            _ if index.is_multiple_of(3) => vec![
                (format!("{name}/a.yaml"), text + "second: a\n"),
                (format!("{name}/b.yaml"), "second: b\n".to_owned()),
            ],
            _ => vec![(format!("{name}.yaml"), text)],
        }
    }

    fn run(root: &Path, threads: usize, more: &[&str]) -> Output {
        Command::new(std::env::var_os("CARGO_BIN_EXE_socle").unwrap())
            .args(["chart", "template", "tiny", "--each", "envs", "--threads"])
            .arg(threads.to_string())
            .args(more)
            .current_dir(root)
            .env("HOME", root)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn tree(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                tree(&path, found);
            } else {
                found.insert(path.clone(), fs::read(&path).unwrap());
            }
        }
    }

    /// What a run printed and made.
    type Seen = (Option<i32>, Vec<u8>, Vec<u8>, BTreeMap<PathBuf, Vec<u8>>);

    fn seen(root: &Path, threads: usize, more: &[&str]) -> Seen {
        let output = run(root, threads, more);
        let mut made = BTreeMap::new();
        let out = root.join("out");
        if out.exists() {
            tree(&out, &mut made);
            fs::remove_dir_all(out).unwrap();
        }
        (output.status.code(), output.stdout, output.stderr, made)
    }

    #[test]
    fn order_and_threads_change_nothing() {
        let scratch = Scratch::new("fleet");
        let root = &scratch.0;
        for (path, text) in CHART {
            write(&root.join("tiny").join(path), text);
        }
        let ways: [&[&str]; 4] = [
            &[],
            &["--output-dir", "out"],
            &["--unread", "--format", "json"],
            &["--against-values", "envs/i00/a.yaml"],
        ];
        let mut wanted: Vec<Option<Seen>> = vec![None; ways.len()];
        let mut shuffle = Shuffle(1);
        for threads in [1, 2, 7, 100] {
            let _ = fs::remove_dir_all(root.join("envs"));
            for index in shuffle.order(INSTANCES) {
                for (path, text) in files(index) {
                    write(&root.join("envs").join(path), &text);
                }
            }
            for (way, wanted) in ways.iter().zip(&mut wanted) {
                let got = seen(root, threads, way);
                assert_eq!(got.0, Some(1), "instances fail, and the exit code says so");
                match wanted {
                    None => *wanted = Some(got),
                    Some(wanted) => assert!(*wanted == got, "{way:?} with {threads} threads"),
                }
            }
        }
        check_content(&wanted);
    }

    /// Equal answers could be equally wrong: all instances are there, in their order.
    fn check_content(seen: &[Option<Seen>]) {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let (_, out, err, _) = seen[0].as_ref().unwrap();
        let is_good = |index: &usize| index % 5 != 4;
        let good: Vec<String> = (0..INSTANCES)
            .filter(is_good)
            .map(|index| format!("# Instance: i{index:02}"))
            .collect();
        let out = text(out);
        let told: Vec<&str> = out.lines().filter(|line| line.starts_with("# Instance")).collect();
        assert_eq!(told, good);
        let err = text(err);
        assert_eq!(err.lines().filter(|line| line.starts_with("Error: instance")).count(), 12);
        assert!(err.ends_with("12 of 60 instances failed\n"), "{err}");
        let (_, _, _, made) = seen[1].as_ref().unwrap();
        assert_eq!(made.len(), 48);
        let (_, lines, _, _) = seen[2].as_ref().unwrap();
        assert_eq!(text(lines).lines().count(), INSTANCES);
    }
}
