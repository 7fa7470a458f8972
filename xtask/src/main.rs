//! The task runner of the repository. It knows nothing of the product.
fn main() {}
