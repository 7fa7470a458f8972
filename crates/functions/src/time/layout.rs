//! Go's layouts: the reference time `Mon Jan 2 15:04:05 MST 2006` in pieces.

/// One piece of a layout that stands for a part of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    LongMonth,
    Month,
    NumMonth,
    ZeroMonth,
    LongWeekDay,
    WeekDay,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperPm,
    LowerPm,
    ZoneName,
    Offset(Offset),
    Fraction(Fraction),
}

/// How an offset from UTC is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offset {
    /// `Z` stands for UTC.
    pub(super) z: bool,
    pub(super) colons: bool,
    /// 1 for hours alone, 2 with minutes, 3 with seconds.
    pub(super) parts: usize,
}

/// How a fraction of a second is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    pub(super) digits: usize,
    /// `.999`: without zeros at its end.
    pub(super) trimmed: bool,
    /// `.` or `,`.
    pub(super) mark: u8,
}

/// What stands before the first piece, the piece, and how many bytes of the layout it takes.
pub(super) struct Chunk<'layout> {
    pub(super) prefix: &'layout [u8],
    pub(super) piece: Option<Piece>,
    /// The piece as written; the empty text when there is none.
    pub(super) written: &'layout [u8],
    pub(super) rest: &'layout [u8],
}

/// Splits a layout at its first piece.
pub(super) fn next_chunk(layout: &[u8]) -> Chunk<'_> {
    for at in 0..layout.len() {
        let here = &layout[at..];
        if let Some((piece, skipped, length)) = piece_at(here) {
            let (prefix, from) = layout.split_at(at + skipped);
            let (written, rest) = from.split_at(length);
            return Chunk { prefix, piece: Some(piece), written, rest };
        }
    }
    Chunk { prefix: layout, piece: None, written: &[], rest: &[] }
}

/// The piece at the beginning, how many bytes before it are literal after all, and its length.
fn piece_at(here: &[u8]) -> Option<(Piece, usize, usize)> {
    let lower_at = |at: usize| here.get(at).is_some_and(u8::is_ascii_lowercase);
    let found = |piece, length| Some((piece, 0, length));
    match here.first()? {
        b'J' if here.starts_with(b"January") => found(Piece::LongMonth, 7),
        b'J' if here.starts_with(b"Jan") && !lower_at(3) => found(Piece::Month, 3),
        b'M' if here.starts_with(b"Monday") => found(Piece::LongWeekDay, 6),
        b'M' if here.starts_with(b"Mon") && !lower_at(3) => found(Piece::WeekDay, 3),
        b'M' if here.starts_with(b"MST") => found(Piece::ZoneName, 3),
        b'0' => zero_piece(here),
        b'1' if here.starts_with(b"15") => found(Piece::Hour, 2),
        b'1' => found(Piece::NumMonth, 1),
        b'2' if here.starts_with(b"2006") => found(Piece::LongYear, 4),
        b'2' => found(Piece::Day, 1),
        // `_2006` is an underscore and a year.
        b'_' if here.starts_with(b"_2006") => Some((Piece::LongYear, 1, 4)),
        b'_' if here.starts_with(b"_2") => found(Piece::UnderDay, 2),
        b'_' if here.starts_with(b"__2") => found(Piece::UnderYearDay, 3),
        b'3' => found(Piece::Hour12, 1),
        b'4' => found(Piece::Minute, 1),
        b'5' => found(Piece::Second, 1),
        b'P' if here.starts_with(b"PM") => found(Piece::UpperPm, 2),
        b'p' if here.starts_with(b"pm") => found(Piece::LowerPm, 2),
        b'-' | b'Z' => offset_piece(here),
        b'.' | b',' => fraction_piece(here),
        _ => None,
    }
}

fn zero_piece(here: &[u8]) -> Option<(Piece, usize, usize)> {
    let piece = match here.get(1)? {
        b'1' => Piece::ZeroMonth,
        b'2' => Piece::ZeroDay,
        b'3' => Piece::ZeroHour12,
        b'4' => Piece::ZeroMinute,
        b'5' => Piece::ZeroSecond,
        b'6' => Piece::Year,
        b'0' if here.get(2) == Some(&b'2') => return Some((Piece::ZeroYearDay, 0, 3)),
        _ => return None,
    };
    Some((piece, 0, 2))
}

fn offset_piece(here: &[u8]) -> Option<(Piece, usize, usize)> {
    let (sign, digits) = here.split_first()?;
    let forms: [(&[u8], bool, usize); 5] = [
        (b"070000", false, 3),
        (b"07:00:00", true, 3),
        (b"0700", false, 2),
        (b"07:00", true, 2),
        (b"07", false, 1),
    ];
    let (form, colons, parts) = forms.into_iter().find(|(form, ..)| digits.starts_with(form))?;
    let offset = Offset { z: *sign == b'Z', colons, parts };
    Some((Piece::Offset(offset), 0, form.len() + 1))
}

fn fraction_piece(here: &[u8]) -> Option<(Piece, usize, usize)> {
    let (&mark, rest) = here.split_first()?;
    let digit = *rest.first().filter(|digit| matches!(digit, b'0' | b'9'))?;
    let digits = rest.iter().take_while(|b| **b == digit).count();
    if rest.get(digits).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let fraction = Fraction { digits, trimmed: digit == b'9', mark };
    Some((Piece::Fraction(fraction), 0, digits + 1))
}
