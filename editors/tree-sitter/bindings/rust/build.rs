//! Builds the parser that tree-sitter made of the grammar.

fn main() {
    println!("cargo:rerun-if-changed=src/parser.c");
    cc::Build::new().std("c11").include("src").file("src/parser.c").warnings(false).opt_level(1).compile("tree-sitter-yardstick");
}
