//! Draws a terminal: runs commands of the program itself and writes what they print as an SVG.
//! It judges nothing; the README shows the result.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{bench, shell};

/// Where the picture goes.
const PICTURE: &str = "docs/picture.svg";
/// What is shown: arguments of `socle`, and how many lines of the answer at most.
const SHOWN: [(&[&str], usize); 3] = [
    (&["chart", "template", "web", "examples/webapp"], 12),
    (
        &[
            "chart",
            "template",
            "web",
            "examples/webapp",
            "--explain",
            "Deployment/web-webapp:spec.template.spec.containers[0].image",
        ],
        16,
    ),
    (&["chart", "template", "web", "examples/webapp", "--set", "image.tga=1.28", "--unread"], 8),
];
const LINE_HEIGHT: usize = 18;
const MARGIN: usize = 16;
/// Characters in a line; a longer one is cut.
const WIDTH: usize = 100;
/// The width of one character of the 13-pixel monospace font, in tenths of a pixel.
const CHARACTER_TENTHS: usize = 79;

/// A line of the picture.
enum Line {
    /// What a person typed.
    Typed(String),
    /// What the program answered.
    Answer(String),
}

/// Runs the commands and writes the picture; `words` may name the program to run.
pub fn run(words: &[String]) -> Result<()> {
    let binary = match words {
        [path] => path.into(),
        _ => bench::release_build()?,
    };
    shell::write(&shell::root().join(PICTURE), picture(&binary)?)?;
    println!("wrote {PICTURE}");
    Ok(())
}

/// Whether the picture shows what the program prints now.
pub fn check() -> Result<()> {
    let kept = fs::read_to_string(shell::root().join(PICTURE)).context(PICTURE)?;
    if kept != picture(&shell::built_for_tests("socle")?)? {
        bail!("{PICTURE} shows something else than the program prints; run `cargo xtask picture`");
    }
    Ok(())
}

fn picture(binary: &Path) -> Result<String> {
    let mut lines = Vec::new();
    for (arguments, most) in SHOWN {
        if !lines.is_empty() {
            lines.push(Line::Answer(String::new()));
        }
        lines.push(Line::Typed(format!("socle {}", arguments.join(" "))));
        let made = Command::new(binary)
            .args(arguments)
            .current_dir(shell::root())
            .stdin(Stdio::null())
            .output()
            .context("cannot start socle")?;
        if !made.status.success() {
            bail!("socle failed:\n{}", String::from_utf8_lossy(&made.stderr));
        }
        let text = String::from_utf8(made.stdout).context("the answer is not UTF-8")?
            + &String::from_utf8_lossy(&made.stderr);
        let all: Vec<&str> = text.lines().collect();
        lines.extend(all.iter().take(most).map(|line| Line::Answer((*line).to_owned())));
        if all.len() > most {
            lines.push(Line::Answer(format!("… {} more lines", all.len() - most)));
        }
    }
    draw(&lines)
}

fn draw(lines: &[Line]) -> Result<String> {
    let width = WIDTH * CHARACTER_TENTHS / 10 + 2 * MARGIN;
    let height = lines.len() * LINE_HEIGHT + 2 * MARGIN;
    let mut svg = String::new();
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"monospace\" font-size=\"13\">"
    )?;
    writeln!(svg, "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1d2433\"/>")?;
    for (row, line) in lines.iter().enumerate() {
        let y = MARGIN + (row + 1) * LINE_HEIGHT - 5;
        let (prompt, text, colour) = match line {
            Line::Typed(text) => ("$ ", text, "#8fd694"),
            Line::Answer(text) => ("", text, "#e6e9ef"),
        };
        let text: String = prompt.chars().chain(text.chars()).take(WIDTH).collect();
        writeln!(
            svg,
            "<text x=\"{MARGIN}\" y=\"{y}\" fill=\"{colour}\" xml:space=\"preserve\">{}</text>",
            escaped(&text)
        )?;
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
