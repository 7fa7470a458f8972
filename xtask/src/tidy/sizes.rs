//! Lengths of files and functions, and their medians.

use super::scan::Code;
use super::{Finding, Source};

/// Nobody finds his way in a longer file.
const FILE_LINES: usize = 600;
/// A longer function does more than one thing.
const FUNCTION_LINES: usize = 70;

/// Checks all Rust that is not a test, and prints the distribution.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut files = Vec::new();
    let mut functions = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust() && !source.is_test()) {
        let code = Code::scan(&source.text);
        let lines = code.lines_without_tests();
        files.push(lines);
        if lines > FILE_LINES {
            findings.push(Finding {
                rule: "file-length",
                place: source.path.clone(),
                what: format!("{lines} lines without tests, at most {FILE_LINES}"),
                amount: Some(lines),
            });
        }
        for function in code.functions() {
            functions.push(function.length);
            if function.length > FUNCTION_LINES {
                findings.push(Finding {
                    rule: "function-length",
                    place: format!("{}:{}", source.path, function.name),
                    what: format!(
                        "line {}: {} lines of code, at most {FUNCTION_LINES}",
                        function.line + 1,
                        function.length
                    ),
                    amount: Some(function.length),
                });
            }
        }
    }
    println!("files:     {}", distribution(&mut files));
    println!("functions: {}", distribution(&mut functions));
    findings
}

fn distribution(lengths: &mut [usize]) -> String {
    lengths.sort_unstable();
    let at = |percent: usize| {
        let last = lengths.len().saturating_sub(1);
        lengths.get(last * percent / 100).copied().unwrap_or(0)
    };
    format!(
        "{} of them; lines: median {}, ninetieth percentile {}, longest {}",
        lengths.len(),
        at(50),
        at(90),
        at(100)
    )
}
