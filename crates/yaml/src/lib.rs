//! YAML in and out, as Go's YAML packages read and write it, with positions.
