//! The flags that give values to a chart.

use super::slice;

/// Helm's value flags. Helm applies them in this order, whatever their order on the command line:
/// files, `--set-json`, `--set`, `--set-string`, `--set-file`, `--set-literal`.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Values")]
pub struct ValueArguments {
    /// Values file (or address, or `-`); may be given several times, the last one counts most.
    #[arg(short = 'f', long = "values", value_name = "FILE", allow_hyphen_values = true)]
    files: Vec<String>,
    /// Set values: `key1=val1,key2=val2`.
    #[arg(long, value_name = "KEY=VALUE", allow_hyphen_values = true)]
    pub set: Vec<String>,
    /// Set texts: `key1=val1,key2=val2`.
    #[arg(long, value_name = "KEY=TEXT", allow_hyphen_values = true)]
    pub set_string: Vec<String>,
    /// Set values from files: `key1=path1,key2=path2`.
    #[arg(long, value_name = "KEY=PATH", allow_hyphen_values = true)]
    pub set_file: Vec<String>,
    /// Set JSON values: `key1=json1`, or one JSON object.
    #[arg(long, value_name = "KEY=JSON", allow_hyphen_values = true)]
    pub set_json: Vec<String>,
    /// Set one text literally.
    #[arg(long, value_name = "KEY=TEXT", allow_hyphen_values = true)]
    pub set_literal: Vec<String>,
}

impl ValueArguments {
    /// The values files in order.
    pub fn files(&self) -> Vec<String> {
        slice(&self.files)
    }
}
