//! The language server, by a client that speaks the protocol to the program itself.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod client;
#[cfg(test)]
mod features;
#[cfg(test)]
mod session;
