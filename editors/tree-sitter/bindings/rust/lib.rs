//! The tree-sitter grammar of Yardstick: a parser for editors, made of `grammar/indicator.pest`.

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_yardstick() -> *const ();
}

/// The language, as tree-sitter's own crates take it.
// SAFETY: tree-sitter wrote the function into `src/parser.c`. It takes nothing, and gives a
// pointer to a constant.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_yardstick) };

/// The queries: what each is for, and its text.
pub const QUERIES: &[(&str, &str)] = &[
    ("highlights", include_str!("../../queries/highlights.scm")),
    ("folds", include_str!("../../queries/folds.scm")),
    ("indents", include_str!("../../queries/indents.scm")),
    ("locals", include_str!("../../queries/locals.scm")),
    ("tags", include_str!("../../queries/tags.scm")),
    ("textobjects", include_str!("../../queries/textobjects.scm")),
];
