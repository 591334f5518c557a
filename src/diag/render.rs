//! The miette adapter: the only file that names it.
