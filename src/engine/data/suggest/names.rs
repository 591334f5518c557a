//! Names of the language from names of files and columns.

/// A name of the language: small letters, words joined by `_`. `PersonalID` is `personal_id`.
pub(super) fn name(written: &str) -> String {
    let letters: Vec<char> = written.trim().chars().collect();
    let mut name = String::new();
    for (i, letter) in letters.iter().copied().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            name.push('_');
            continue;
        }
        let before = i.checked_sub(1).and_then(|i| letters.get(i)).copied();
        let after = letters.get(i + 1).copied();
        let begins = letter.is_ascii_uppercase()
            && before.is_some_and(|b| {
                b.is_ascii_lowercase()
                    || b.is_ascii_digit()
                    || b.is_ascii_uppercase() && after.is_some_and(|a| a.is_ascii_lowercase())
            });
        if begins {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    let words: Vec<&str> = name.split('_').filter(|word| !word.is_empty()).collect();
    let name = words.join("_");
    match name.as_str() {
        "" => "unnamed".to_owned(),
        // The language keeps these for itself, or would read them as something else.
        "window" | "as_of" | "true" | "false" | "days" | "last_day" => format!("{name}_"),
        _ if name.starts_with(|c: char| c.is_ascii_digit()) => format!("n_{name}"),
        _ => name,
    }
}

/// A name that none of these is; a number is added to one that is taken.
pub(super) fn free(name: &str, taken: &[String]) -> String {
    let is_taken = |name: &String| taken.contains(name);
    let mut free = name.to_owned();
    let mut number = 2;
    while is_taken(&free) {
        free = format!("{name}_{number}");
        number += 1;
    }
    free
}

/// The name for many.
pub(super) fn plural(name: &str) -> String {
    let ends = |ending: &str| name.ends_with(ending);
    match name.strip_suffix('y') {
        Some(start) if !["ay", "ey", "oy", "uy"].iter().any(|e| ends(e)) => format!("{start}ies"),
        // A file may be called after many already.
        _ if ends("s") && !ends("ss") => name.to_owned(),
        _ if ends("ss") || ends("x") || ends("ch") || ends("sh") => format!("{name}es"),
        Some(_) | None => format!("{name}s"),
    }
}

/// Whether one of the name's words is one of these.
pub(super) fn says(name: &str, words: &[&str]) -> bool {
    name.split('_').any(|word| words.contains(&word))
}

/// Whether a text can be a word of a list.
pub(super) fn is_word(text: &str) -> bool {
    let mut letters = text.chars();
    let begins = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    begins && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_and_columns() {
        for (written, read) in [
            ("removed_on", "removed_on"),
            ("PersonalID", "personal_id"),
            ("REMOVAL_DT", "removal_dt"),
            ("DOB", "dob"),
            ("Date of Birth", "date_of_birth"),
            ("EntryDate", "entry_date"),
            ("HMISParticipation", "hmis_participation"),
            ("2nd", "n_2nd"),
            ("as-of", "as_of_"),
            ("é", "unnamed"),
        ] {
            assert_eq!(name(written), read, "{written}");
        }
        assert_eq!(free("a", &["a".to_owned(), "a_2".to_owned()]), "a_3");
        assert_eq!(
            ["removal", "case", "party", "day", "pass", "episodes"].map(plural).join(" "),
            "removals cases parties days passes episodes"
        );
    }
}
