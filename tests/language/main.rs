//! The tests of the language: they build and run without the engine.

// The generators are shared with the tests of the whole, which know the language by this name.
#[cfg(test)]
extern crate yardstick_language as yardstick;

#[cfg(test)]
mod approvals;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod changed;
#[cfg(test)]
mod coverage;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod describe;
#[cfg(test)]
mod fixes;
#[cfg(test)]
mod format;
#[cfg(test)]
#[path = "../generated/mod.rs"]
#[expect(dead_code, reason = "the tests of the whole use the rest")]
mod generated;
mod golden;
#[cfg(test)]
mod growth;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod ide;
#[cfg(test)]
mod interpret;
#[cfg(test)]
mod laws_of_text;
#[cfg(test)]
mod marks;
#[cfg(test)]
mod meaning;
#[cfg(test)]
mod mutation;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod references;
#[cfg(test)]
mod sql;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod syntax;
#[cfg(test)]
mod texts;
#[cfg(test)]
mod waits;
