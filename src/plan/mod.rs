//! Typed IR to DataFusion logical plans. Knows no session, no files.
