//! `corpus/times.tsv`: what Go's `time` package answered, with a local zone of UTC. Columns:
//! `format`, zone, seconds, nanoseconds, layout; `parse`, zone, layout, value; `adddate`, zone,
//! seconds, years months days; last, the answer. Adding a case is adding a line.

use super::{Time, Zone, parse};

fn answer(fields: &[&str]) -> String {
    let Some(zone) = Zone::load(fields[1], &Zone::local("UTC")) else {
        return "no zone".to_owned();
    };
    match fields[0] {
        "format" => {
            let time = Time::unix(fields[2].parse().unwrap(), fields[3].parse().unwrap(), zone);
            String::from_utf8(time.format(fields[4].as_bytes())).unwrap()
        }
        "parse" => match parse(fields[2].as_bytes(), fields[3].as_bytes(), &zone) {
            Ok(time) => time.go_string(),
            Err(error) => format!("error {error}"),
        },
        "adddate" => {
            let by: Vec<i64> = fields[3].split(' ').map(|n| n.parse().unwrap()).collect();
            let time = Time::unix(fields[2].parse().unwrap(), 0, zone);
            time.plus_date(by[0], by[1], by[2]).go_string()
        }
        other => panic!("no question {other}"),
    }
}

#[test]
fn as_go_answers() {
    let mut wrong = Vec::new();
    for case in include_str!("../../corpus/times.tsv").split_terminator('\n') {
        let mut fields: Vec<&str> = case.split('\t').collect();
        let expected = fields.pop().unwrap();
        let got = answer(&fields);
        if got != expected {
            wrong.push(format!("{fields:?}\n  expected {expected}\n       got {got}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

/// Bounds of numbers and pieces of layouts must not panic.
#[test]
fn odd_times_and_layouts() {
    let layout =
        b"Mon Monday Jan January 1 01 2 _2 02 002 __2 2006 06 15 3 03 4 04 5 05 PM MST -07:00:00 \
        .999999999 .0000000000000000000000";
    for seconds in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX] {
        for zone in ["UTC", "Europe/Paris"] {
            let zone = Zone::load(zone, &Zone::utc()).unwrap();
            let time = Time::unix(seconds, 999_999_999, zone);
            assert!(!time.format(layout).is_empty());
            assert!(
                !time.plus(i64::MAX).plus_date(i64::MAX, i64::MAX, i64::MAX).go_string().is_empty()
            );
            assert!(
                !time.plus(i64::MIN).plus_date(i64::MIN, i64::MIN, i64::MIN).go_string().is_empty()
            );
        }
    }
    for value in
        ["", "\u{e9}", "+", "-", ".", ",", "GMT", "GMT+", "-9", "00", "99999999999999999999"]
    {
        for piece in layout.split(|b| *b == b' ') {
            let _ = parse(piece, value.as_bytes(), &Zone::utc());
        }
    }
}
