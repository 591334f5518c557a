//! Which words and names can stand at a place.
