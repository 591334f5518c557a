//! Scorecard to bytes, one file per format.
