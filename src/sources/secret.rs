//! Passwords: they go to the driver, and nowhere else.

use std::fmt;
use std::fmt::Write;

/// What stands in the place of a password in a text that people read.
const HIDDEN: &str = "***";

/// The passwords of a run. Printing them prints none.
#[derive(Clone, Default)]
pub struct Secret {
    /// The one that is handed to the driver.
    password: Option<String>,
    /// Others that the driver may find by itself, and so may repeat.
    others: Vec<String>,
}

impl Secret {
    /// A password for the driver, and others that the driver finds in the environment; empty ones
    /// are none.
    #[must_use]
    pub fn new(password: Option<String>, others: Vec<String>) -> Self {
        let some = |text: &String| !text.is_empty();
        Self { password: password.filter(some), others: others.into_iter().filter(some).collect() }
    }

    /// The password that is handed to the driver.
    pub(crate) fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }

    /// A text of a driver or a server without any of the passwords, as they are or as an address
    /// writes them.
    #[must_use]
    pub fn cleaned(&self, text: &str) -> String {
        let mut known: Vec<String> =
            self.password.iter().chain(&self.others).flat_map(|p| [p.clone(), escaped(p)]).collect();
        // A password may be a part of another.
        known.sort_by_key(|password| std::cmp::Reverse(password.len()));
        known.iter().fold(text.to_owned(), |text, password| text.replace(password.as_str(), HIDDEN))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

/// A text as an address writes it: every byte that is no letter or digit as `%` and two digits.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _never_fails = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_and_no_print_holds_a_password() {
        let secret = Secret::new(Some("p@ss/wörd".into()), vec!["p@ss".into(), String::new()]);
        let said = secret.cleaned("cannot connect with p@ss/wörd (postgresql://?password=p%40ss%2Fw%C3%B6rd), p@ss");
        assert_eq!(said, "cannot connect with *** (postgresql://?password=***), ***");
        assert_eq!(format!("{secret:?}"), "***");
        assert_eq!(Secret::default().cleaned("as it is"), "as it is");
    }
}
