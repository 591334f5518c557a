//! Generates a county.
fn main() {}
