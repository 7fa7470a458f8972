//! A table of texts, laid out as Helm's: columns padded to their widest cell, a tab between.

/// Lays out rows of equal length. Cells wider than `max_width` are cut; 0 means no limit.
pub fn layout(rows: &[Vec<String>], max_width: usize) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let mut widths = vec![0; columns];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            let wanted = width_of(cell);
            *width = (*width).max(if max_width == 0 { wanted } else { wanted.min(max_width) });
        }
    }
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let cells = row.iter().zip(&widths).map(|(cell, width)| fit(cell, *width));
            cells.collect::<Vec<_>>().join("\t")
        })
        .collect();
    lines.join("\n")
}

fn fit(cell: &str, width: usize) -> String {
    let own = width_of(cell);
    if own <= width {
        return format!("{cell}{}", " ".repeat(width - own));
    }
    let mut text = String::new();
    let mut used = 0;
    for letter in cell.chars() {
        text.push(letter);
        // Three columns are for the dots; the letter that reaches them still shows, as in Helm.
        if used + letter_width(letter) + 3 >= width {
            break;
        }
        used += letter_width(letter);
    }
    text.push_str("...");
    text
}

fn width_of(text: &str) -> usize {
    text.chars().map(letter_width).sum()
}

/// Two columns for the letters of East Asia, none for marks that combine.
fn letter_width(letter: char) -> usize {
    match u32::from(letter) {
        0..=0x1f | 0x7f..=0x9f | 0x300..=0x36f | 0x200b..=0x200f => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}
