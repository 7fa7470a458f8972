//! Semantic versions and their constraints, as charts write them.
