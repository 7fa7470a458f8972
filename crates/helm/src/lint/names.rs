//! What Kubernetes allows as an object's name, by kind, with its words for what is wrong.

const LABEL: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

/// What is wrong with the name of an object of that kind.
pub(super) fn faults(kind: &str, name: &str) -> Vec<String> {
    match kind.to_ascii_lowercase().as_str() {
        "certificatesigningrequest" => Vec::new(),
        "role" | "clusterrole" | "rolebinding" | "clusterrolebinding" => path_segment(name),
        "service" => label_1035(name),
        "namespace" => label_1123(name),
        _ => subdomain(name),
    }
}

fn too_long(name: &str, most: usize, faults: &mut Vec<String>) {
    if name.len() > most {
        faults.push(format!("must be no more than {most} characters"));
    }
}

fn is_label(text: &str, first: fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    let edge = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    bytes.first().copied().is_some_and(first)
        && bytes.last().is_some_and(edge)
        && bytes.iter().all(|b| edge(b) || *b == b'-')
}

fn lower_or_digit(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_subdomain(name: &str) -> bool {
    name.split('.').all(|label| is_label(label, lower_or_digit))
}

fn subdomain(name: &str) -> Vec<String> {
    let mut faults = Vec::new();
    too_long(name, 253, &mut faults);
    if !is_subdomain(name) {
        faults.push(format!(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, \
             '-' or '.', and must start and end with an alphanumeric character (e.g. \
             'example.com', regex used for validation is '{LABEL}(\\.{LABEL})*')"
        ));
    }
    faults
}

fn label_1123(name: &str) -> Vec<String> {
    let mut faults = Vec::new();
    too_long(name, 63, &mut faults);
    if !is_label(name, lower_or_digit) {
        if is_subdomain(name) {
            faults.push("must not contain dots".to_owned());
            return faults;
        }
        let text = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters \
                    or '-', and must start and end with an alphanumeric character (e.g. \
                    'my-name',  or '123-abc', regex used for validation is";
        faults.push(format!("{text} '{LABEL}')"));
    }
    faults
}

fn label_1035(name: &str) -> Vec<String> {
    let mut faults = Vec::new();
    too_long(name, 63, &mut faults);
    if !is_label(name, |byte| byte.is_ascii_lowercase()) {
        faults.push(
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start \
             with an alphabetic character, and end with an alphanumeric character (e.g. \
             'my-name',  or 'abc-123', regex used for validation is \
             '[a-z]([-a-z0-9]*[a-z0-9])?')"
                .to_owned(),
        );
    }
    faults
}

fn path_segment(name: &str) -> Vec<String> {
    if name == "." || name == ".." {
        return vec![format!("may not be '{name}'")];
    }
    let illegal = ['/', '%'].into_iter().filter(|c| name.contains(*c));
    illegal.map(|c| format!("may not contain '{c}'")).collect()
}
