//! Counts and a standard to a state, a value and a band.
