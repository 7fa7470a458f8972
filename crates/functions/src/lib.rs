//! The functions that a chart's templates may call: Sprig's and Helm's.
