//! How much a template may ask for. Go knows none of these (its stack grows, its loops end when
//! they end); they stand between a hostile chart and the machine that renders it.

/// Steps that one machine may take: nodes walked, functions called, elements ranged over, sixteen
/// bytes of text looked at or made. A step takes 15 to 50 nanoseconds, so this many take about ten
/// seconds. Of eight thousand public charts the largest take 20 million.
pub const FUEL: u64 = 300_000_000;

/// Bytes that one machine may hold as output. Kubernetes refuses objects over 1.5 MiB and releases
/// over 1 MiB; the largest public charts print 10 MiB of CRDs.
pub const OUTPUT_BYTES: usize = 512 << 20;

/// Bytes of lists and maps printed as one text, which may go on into an error's words.
pub const PRINTED_BYTES: usize = 128 << 20;

/// Bytes of texts, lists and maps that the functions of one machine may make, whether they are kept
/// or not. Of eight thousand public charts the largest make 50 megabytes; what is kept is never more
/// than what was made, so this bounds the memory of a template that hoards.
pub const MADE_BYTES: u64 = 1 << 30;

/// Nested `{{template}}` actions: Go's own limit.
pub const TEMPLATE_DEPTH: usize = 100_000;

/// Nested parentheses in one expression: Go's own limit.
pub const PARENTHESES: usize = 10_000;

/// Bytes of template text: what a chart's archive may hold in one file, and what offsets of 32 bits
/// address with room to spare.
pub const TEXT_BYTES: usize = 256 << 20;

/// What one machine may use. Exceeding any is an ordinary error of the template.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// See [`FUEL`].
    pub fuel: u64,
    /// See [`OUTPUT_BYTES`].
    pub output_bytes: usize,
    /// See [`MADE_BYTES`].
    pub made_bytes: u64,
    /// See [`TEMPLATE_DEPTH`].
    pub template_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: FUEL,
            output_bytes: OUTPUT_BYTES,
            made_bytes: MADE_BYTES,
            template_depth: TEMPLATE_DEPTH,
        }
    }
}
