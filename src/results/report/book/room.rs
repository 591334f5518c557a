//! How much of a description finds room on a sheet, or in the notes of a slide. What is printed has
//! no layout of its own here: heights are estimated, and rather too high.

use super::document::Table;
use super::sheet::{Group, Sheet};
use crate::scorecard::book::Sentence;

/// A length, in English Metric Units: 360,000 to a centimetre.
pub(super) type Emu = i64;
/// One point of type.
pub(super) const POINT: Emu = 12_700;

/// How many sentences of a description, from the first on, are shown where all of it needs more
/// than `room`: whole points with all that stands under them, no heading without a point, and
/// `rest` left for the line that says where the others stand.
pub(super) fn fitting(of: &[Sentence], (room, rest): (Emu, Emu), height: impl Fn(&Sentence) -> Emu) -> usize {
    let (mut used, mut fits) = (0, 0);
    for (place, sentence) in of.iter().enumerate() {
        let after_a_point = place > 0 && of.get(place - 1).is_some_and(|before| before.depth > 0);
        if sentence.depth < 2 && after_a_point && used + rest <= room {
            fits = place;
        }
        used += height(sentence);
    }
    if used <= room { of.len() } else { fits }
}

/// Where the points that are left out stand; `None` where none is.
pub(super) fn elsewhere(of: &[Sentence], fits: usize, id: &str) -> Option<String> {
    let points = of.iter().skip(fits).filter(|sentence| sentence.depth == 1).count();
    let said = match points {
        0 => return None,
        1 => "1 further point stands".to_owned(),
        _ => format!("{points} further points stand"),
    };
    Some(format!("{said} in what `yardstick describe {id}` prints."))
}

/// The lines of a text that is broken at blanks, `most` signs to a line.
pub(super) fn lines(of: &str, most: usize) -> Emu {
    let (mut lines, mut used) = (1, 0);
    for word in of.split(' ').map(|word| word.chars().count()) {
        if used > 0 && used + 1 + word > most {
            lines += 1;
            used = 0;
        }
        // A word that is longer than a line goes on in the next.
        lines += word.saturating_sub(1) / most;
        used = if used == 0 { word.saturating_sub(1) % most + 1 } else { used + 1 + word };
    }
    lines as Emu
}

/// The height of the printed page, A4 without its margins, and what is left free of it.
const PAGE: Emu = 269 * 36_000;
const FREE: Emu = 24 * POINT;
/// Signs on a line of the usual type, of the small type, and of a column of the description.
const SIGNS: usize = 106;
const SIGNS_OF_SMALL: usize = 128;
const COLUMN: usize = 66;
/// The heights of a line of each, of a heading, and of what is around a paragraph and a table.
const LINE: Emu = 11 * POINT + POINT / 10;
const SMALL: Emu = 9 * POINT + POINT / 10;
const SMALLEST: Emu = 8 * POINT + POINT / 5;
const HEADING: Emu = 16 * POINT;
const AROUND: Emu = 4 * POINT;
/// The heights of a picture, and the percentage of a table's width that its bars leave.
const PICTURE: Emu = 58 * 36_000 + AROUND;
const PICTURE_WITH_GROUPS: Emu = 38 * 36_000 + AROUND;
const BESIDE_BARS: usize = 58;
const BESIDE_NARROW_BARS: usize = 84;

/// How many sentences of its description are printed on the sheet of an indicator.
pub(super) fn on_paper(of: &Sheet) -> usize {
    let above = above(of);
    // What is about a sheet high may be just one.
    let left = if above > PAGE + PAGE / 12 { PAGE - above % PAGE - 2 * FREE } else { PAGE - above - FREE };
    let height = |sentence: &Sentence| match sentence.depth {
        0 => SMALLEST + AROUND,
        depth => lines(&sentence.text, COLUMN.saturating_sub(3 * depth).max(8)) * SMALLEST,
    };
    fitting(of.english, (2 * (left - HEADING), 3 * SMALLEST), height)
}

/// The height of all that is printed above the description.
fn above(of: &Sheet) -> Emu {
    let paragraph = |text: &str| lines(text, SIGNS) * LINE + AROUND;
    let fact = |(_, text): &(&str, String)| lines(text, SIGNS - 20) * LINE + POINT;
    let mut used = HEADING + paragraph(of.question);
    let picture = if of.breakdowns.is_empty() { PICTURE } else { PICTURE_WITH_GROUPS };
    used += of.trend.map_or(0, |_| picture);
    used += of.says.iter().map(|said| paragraph(said)).sum::<Emu>();
    used += of.facts.iter().map(fact).sum::<Emu>() + 2 * AROUND;
    used += of.breakdowns.iter().chain(&of.groups).map(group).sum::<Emu>();
    used += of
        .review
        .iter()
        .map(|(rule, rows)| HEADING + paragraph(rule) + table(rows, SIGNS_OF_SMALL * 3 / 4, (SMALL, 2)))
        .sum::<Emu>();
    used
}

fn group(of: &Group) -> Emu {
    HEADING
        + match of.is_wide() {
            true => table(&of.table, SIGNS_OF_SMALL * BESIDE_NARROW_BARS / 100, (SMALL, 1)),
            false => table(&of.table, SIGNS * BESIDE_BARS / 100, (LINE, 1)),
        }
}

/// The height of a table whose columns are as wide as their texts ask for, with `signs` to a line
/// of this height, and at least so many lines in each row.
fn table(of: &Table, signs: usize, (line, least): (Emu, usize)) -> Emu {
    let most = signs.saturating_sub(3 * of.head.len()).max(8);
    let row = |cells: &[String]| {
        let signs: usize = cells.iter().map(|cell| cell.chars().count()).sum();
        signs.div_ceil(most).max(least) as Emu * line + AROUND
    };
    row(&of.head) + of.rows.iter().map(|of| row(&of.cells)).sum::<Emu>() + AROUND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_ends_with_whole_points() {
        let sentence = |depth| Sentence { depth, text: String::new() };
        let all: Vec<Sentence> = [0, 1, 2, 2, 1, 0, 1, 2].map(sentence).into();
        let fits = |room| fitting(&all, (room, 1), |_| 1);
        // Where all of it has room, no line says where the rest is.
        assert_eq!((fits(8), fits(7), fits(6)), (8, 5, 5));
        assert_eq!((fits(5), fits(4), fits(1), fits(-9)), (4, 0, 0, 0));
        assert_eq!(elsewhere(&all, 8, "x"), None);
        assert_eq!(elsewhere(&all, 5, "x").unwrap(), "1 further point stands in what `yardstick describe x` prints.");
        assert!(elsewhere(&all, 0, "x").unwrap().starts_with("3 further points stand in"));
    }
}
