//! The one test binary: each further one would link DataFusion again.

#[cfg(test)]
mod calendar;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod properties;
