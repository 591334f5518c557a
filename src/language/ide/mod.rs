//! What an editor asks about definitions, without a protocol: the texts of a folder in memory, and
//! a place in one of them.
//!
//! ```text
//!  texts ──Definitions──▶ findings
//!                └──a file and a byte──▶ hover, places, names that fit, edits, symbols, colours, hints, lenses
//! ```
//!
//! | file | answers |
//! |---|---|
//! | [`definitions`] | what is wrong with the texts that belong together |
//! | [`layout`] | which texts belong together |
//! | [`hover`] | what a name or a word means |
//! | [`places`] | where a name is declared, and where it is used |
//! | [`completion`] | which words and names can stand here |
//! | [`rename`] | what has to be written anew for another name |
//! | [`quick_fixes`] | what to write instead |
//! | [`symbols`] | what is declared |
//! | [`semantic_tokens`] | what each word is |
//! | [`inlay_hints`] | what an indicator waits for, and how far it looks back |
//! | [`lenses`] | which tests there are |
//!
//! Places are byte offsets of the text as it is checked: without a byte order mark, with plain line
//! ends. No answer fails: where nothing is known, there is none.

pub mod completion;
pub mod definitions;
pub mod hover;
pub mod inlay_hints;
pub mod layout;
pub mod lenses;
mod members;
pub mod places;
pub mod quick_fixes;
pub mod rename;
pub mod semantic_tokens;
pub mod symbols;

pub use definitions::Definitions;
