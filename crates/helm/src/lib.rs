//! Charts: loading, values, dependencies, schemas, rendering.
