//! How rows, and what is added up of them, are written above and below the line.

/// `1,483`.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A figure above or below the line: whole, or to one decimal where it is a share of rows on
/// average.
pub(super) fn amount(figure: f64) -> String {
    let whole = figure.fract() == 0.0 && figure.abs() < 1e15;
    if !whole {
        return format!("{figure:.1}");
    }
    let sign = if figure < 0.0 { "-" } else { "" };
    format!("{sign}{}", grouped(figure.abs() as u64))
}

/// `31 of 33`; of a median or a percentile `33 cases`; empty where nothing stands below the line.
pub(super) fn counts(numerator: Option<f64>, denominator: Option<f64>) -> String {
    match (numerator, denominator) {
        (_, None | Some(0.0)) => String::new(),
        (Some(above), Some(below)) => format!("{} of {}", amount(above), amount(below)),
        (None, Some(below)) => format!("{} cases", amount(below)),
    }
}
