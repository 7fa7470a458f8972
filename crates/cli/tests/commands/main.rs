//! Whole commands: every case of `corpus/` is run by the real binary in a directory of its own and
//! says what the real Helm said: standard output, standard error, exit code, files made.
//!
//! `corpus/README.md` describes a case. `SOCLE_CASES=part-of-a-path` runs some of them;
//! `SOCLE_ORACLE=/path/to/helm` asks the real Helm instead of the binary and with
//! `SOCLE_RECORD=1` writes its answers down; without an oracle, `SOCLE_RECORD=1` writes down what
//! is ours alone.

#[cfg(test)]
mod suite;
