//! The one test binary: each further one would link DataFusion again.

mod data;
