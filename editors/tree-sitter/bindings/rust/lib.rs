//! The tree-sitter grammar of Yardstick: a parser for editors, made of `grammar/indicator.pest`.

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_yardstick() -> *const ();
}

/// The language, as tree-sitter's own crates take it.
// SAFETY: the function is the one that tree-sitter wrote into `src/parser.c`; it takes nothing and gives a pointer to a constant.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_yardstick) };

/// The query that colours a file.
pub const HIGHLIGHTS: &str = include_str!("../../queries/highlights.scm");
