//! The tree-sitter grammar, made of the pest grammar.

pub(crate) mod form;
pub(crate) mod places;
pub(crate) mod translate;
