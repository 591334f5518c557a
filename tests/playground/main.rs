//! The playground: what its page asks, answered natively, and the page in a browser.
#![expect(clippy::string_slice, reason = "a place that is no place ends the test")]

#[cfg(test)]
mod answers;
#[cfg(test)]
mod asked;
#[cfg(test)]
mod axe;
#[cfg(test)]
mod broken;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod chromium;
