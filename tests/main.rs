//! The one test binary: each further one would link DataFusion again.

#[cfg(test)]
mod bounds;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod county;
#[cfg(test)]
mod data;
#[cfg(test)]
mod dates;
#[cfg(test)]
mod describe;
#[cfg(test)]
mod estimates;
#[cfg(test)]
mod finality;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod growth;
#[cfg(test)]
mod hidden;
#[cfg(test)]
mod instants;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod library;
#[cfg(test)]
mod meaning;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod report;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod syntax;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod tight;
#[cfg(test)]
mod waits;
#[cfg(test)]
mod words;
