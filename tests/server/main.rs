//! The language server, by a client that speaks the protocol to the program itself.
#![expect(clippy::string_slice, reason = "a place that is no place ends the test")]

#[cfg(test)]
mod broken;
#[cfg(test)]
mod client;
#[cfg(test)]
mod features;
#[cfg(test)]
mod session;
