//! How Go's flag library reads the values of flags.

/// A boolean as Go's `strconv.ParseBool` reads it: `--flag=false`.
pub fn go_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(format!(
            "strconv.ParseBool: parsing {}: invalid syntax",
            strconv::quote(text.as_bytes())
        )),
    }
}

/// The elements of flags that take lists with commas (`-f a,b`, `--api-versions x,y`): each value
/// is one line of CSV, so that quotes keep a comma.
pub fn slice(values: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for value in values.iter().filter(|value| !value.is_empty()) {
        split_line(value, &mut all);
    }
    all
}

fn split_line(line: &str, into: &mut Vec<String>) {
    let mut field = String::new();
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted || field.is_empty() => quoted = !quoted,
            ',' if !quoted => into.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    into.push(field);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_split_as_csv() {
        let given = ["a,b".to_owned(), "\"c,d\",e".to_owned(), String::new()];
        assert_eq!(slice(&given), ["a", "b", "c,d", "e"]);
    }
}
