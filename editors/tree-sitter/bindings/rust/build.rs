//! Builds the parser that tree-sitter made of the grammar.

fn main() {
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-changed=bindings/rust/build.rs");
    let mut parser = cc::Build::new();
    parser.std("c11").include("src").file("src/parser.c").warnings(false).opt_level(1);
    parser.compile("tree-sitter-yardstick");
}
