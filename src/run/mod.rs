//! Runs plans: the only room with a `SessionContext`.

pub mod measured;
