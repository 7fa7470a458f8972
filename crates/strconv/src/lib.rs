//! Go's conversions between numbers, strings and bytes, exactly.
