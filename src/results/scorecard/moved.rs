//! What moved between the results of two runs, and whether new data, corrected data or another
//! definition moved it.

use super::published::{Name, Names, Place, Published, PublishedCell};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Why a cell says something else than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The definition has another meaning.
    Definition,
    /// A further window can be shown.
    NewWindow,
    /// A further window can be shown, and what was shown of the one before has changed, too.
    NewWindowAndCorrected,
    /// The same window: what was open or not known is known now.
    Settled,
    /// The same window: rows of that time were corrected, entered late, or broken since.
    Corrected,
    /// The same window and the same figures: of more rows, or of fewer, something is not known.
    Unknown,
}

impl Why {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Definition => "the definition changed",
            Self::NewWindow => "a further window came",
            Self::NewWindowAndCorrected => "a further window came, and the one before has other figures",
            Self::Settled => "what was open or not known is known now",
            Self::Corrected => "the data of that time is another",
            Self::Unknown => "of other rows something is not known",
        }
    }
}

/// The newest cell of a place before and now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Newest {
    /// Whose.
    pub place: Place,
    /// The last day of the window, and the cell.
    pub before: (NaiveDate, PublishedCell),
    /// The same now.
    pub now: (NaiveDate, PublishedCell),
    /// Why they differ; nothing where nothing is another.
    pub why: Option<Why>,
}

/// A window that was shown before and says something else now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Revised {
    /// Whose.
    pub place: Place,
    /// The last day of the window.
    pub end: NaiveDate,
    /// What it said.
    pub before: PublishedCell,
    /// What it says.
    pub now: PublishedCell,
    /// Why.
    pub why: Why,
}

/// An indicator whose definition is another, is new, or is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redefined {
    /// Its id.
    pub indicator: Name,
    /// Its meaning hash before; nothing when it is new.
    pub before: Option<Name>,
    /// The same now; nothing when it is gone.
    pub now: Option<Name>,
}

/// All that moved.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Moved {
    /// Definitions that are not those of before, by their ids.
    pub redefined: Vec<Redefined>,
    /// The newest cell of every place that is in both.
    pub newest: Vec<Newest>,
    /// Windows that are in both and say something else.
    pub revised: Vec<Revised>,
    /// How many windows are in both.
    pub compared: u64,
}

impl Moved {
    /// What moved from `before` to `now`.
    #[must_use]
    pub fn between(before: &Published, now: &Published, names: &Names) -> Self {
        let mut moved = Self { redefined: redefined(before, now, names), ..Self::default() };
        for (place, cells) in &now.cells {
            let Some(earlier) = before.cells.get(place) else { continue };
            let first = moved.revised.len();
            for (end, cell) in cells {
                let Some(old) = earlier.get(end) else { continue };
                moved.compared += 1;
                if let Some(why) = revision(old, cell) {
                    moved.revised.push(Revised { place: *place, end: *end, before: *old, now: *cell, why });
                }
            }
            let [Some(old), Some(new)] =
                [earlier, cells].map(|of| of.iter().next_back().map(|(end, cell)| (*end, *cell)))
            else {
                continue;
            };
            let was_revised = moved.revised[first..].iter().any(|of| of.end == old.0 && of.why != Why::Unknown);
            moved.newest.push(Newest { place: *place, before: old, now: new, why: reason(&old, &new, was_revised) });
        }
        let rank = |all: &[Name], name: Name| all.iter().position(|other| *other == name);
        let order = |place: &Place| {
            (rank(&now.levels, place.level), rank(&now.indicators, place.indicator), names.text(place.entity))
        };
        moved.newest.sort_by(|a, b| order(&a.place).cmp(&order(&b.place)));
        moved.revised.sort_by(|a, b| (order(&a.place), a.end).cmp(&(order(&b.place), b.end)));
        moved
    }

    /// The newest cells whose colour is another, or of which one has a value and one has none.
    pub fn turned(&self) -> impl Iterator<Item = &Newest> {
        self.newest.iter().filter(|of| (of.before.1.band, of.before.1.state) != (of.now.1.band, of.now.1.state))
    }
}

/// The definitions that differ, by their ids.
fn redefined(before: &Published, now: &Published, names: &Names) -> Vec<Redefined> {
    let mut each: BTreeMap<&str, Redefined> = BTreeMap::new();
    for (indicator, meaning) in before.meanings() {
        each.insert(names.text(indicator), Redefined { indicator, before: Some(meaning), now: None });
    }
    for (indicator, meaning) in now.meanings() {
        let new = Redefined { indicator, before: None, now: None };
        each.entry(names.text(indicator)).or_insert(new).now = Some(meaning);
    }
    each.into_values().filter(|of| of.before != of.now).collect()
}

/// Why a window says something else than before, if it does.
fn revision(before: &PublishedCell, now: &PublishedCell) -> Option<Why> {
    let figures = |of: &PublishedCell| (of.value, of.numerator, of.denominator, of.state, of.band);
    let same = figures(before) == figures(now);
    match before.meaning == now.meaning {
        _ if same && before.unknown() == now.unknown() => None,
        false => Some(Why::Definition),
        true if before.provisional || is_settled(before, now) => Some(Why::Settled),
        true if same => Some(Why::Unknown),
        true => Some(Why::Corrected),
    }
}

/// Whether the rows of which something was not known can have made all the difference: fewer are
/// left, the numerator moved by no more than have gone, and the denominator by no more than those
/// of which it was not known whether they belong.
fn is_settled(before: &PublishedCell, now: &PublishedCell) -> bool {
    let gone = before.unknown().saturating_sub(now.unknown());
    let unsure = before.unsure.saturating_sub(now.unsure);
    let within = |before: Option<f64>, now: Option<f64>, most: u64| match (before, now) {
        (Some(before), Some(now)) => (now - before).abs() <= most as f64,
        (before, now) => before == now,
    };
    gone > 0 && within(before.numerator, now.numerator, gone) && within(before.denominator, now.denominator, unsure)
}

/// Why the newest cell of a place is another, if it is.
fn reason(before: &(NaiveDate, PublishedCell), now: &(NaiveDate, PublishedCell), was_revised: bool) -> Option<Why> {
    if before.1.meaning != now.1.meaning {
        return Some(Why::Definition);
    }
    match (before.0 == now.0, was_revised) {
        (true, _) => revision(&before.1, &now.1),
        (false, false) => Some(Why::NewWindow),
        (false, true) => Some(Why::NewWindowAndCorrected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "indicator,level,entity_id,entity_name,window_start,window_end,numerator,denominator,value,unit,state,reason,band,undetermined,unsure,unread,meaning,group";

    fn read(rows: &[&str], names: &mut Names) -> Published {
        Published::read(format!("{HEAD}\n{}\n", rows.join("\n")).as_bytes(), names).unwrap()
    }

    fn why(before: &[&str], now: &[&str]) -> (Vec<Why>, Vec<Why>) {
        let mut names = Names::default();
        let (before, now) = (read(before, &mut names), read(now, &mut names));
        let moved = Moved::between(&before, &now, &names);
        (moved.newest.iter().filter_map(|of| of.why).collect(), moved.revised.iter().map(|of| of.why).collect())
    }

    #[test]
    fn what_moved_a_cell_is_told_apart() {
        let may = "a,office,o1,One,2026-05-01,2026-05-31,5,10,50,percent,value,,green,0,0,0,h1,";
        let june = "a,office,o1,One,2026-06-01,2026-06-30,4,10,40,percent,value,,red,0,0,0,h1,";
        let corrected = "a,office,o1,One,2026-05-01,2026-05-31,5,11,45.5,percent,value,,yellow,0,0,0,h1,";
        let open = "a,office,o1,One,2026-05-01,2026-05-31,4,10,40,percent,value,,red,1,0,0,h1,";
        let unread = "a,office,o1,One,2026-05-01,2026-05-31,5,10,50,percent,value,,green,0,0,1,h1,";
        let many = "a,office,o1,One,2026-05-01,2026-05-31,7,13,53.8,percent,value,,green,0,0,0,h1,";
        let provisional =
            "a,office,o1,One,2026-05-01,2026-05-31,1,4,25,percent,value,provisional until 2026-09-30,red,0,0,0,h1,";
        let redefined = "a,office,o1,One,2026-05-01,2026-05-31,6,10,60,percent,value,,green,0,0,0,h2,";
        let group = "a,office,o1,One,2026-05-01,2026-05-31,1,2,50,percent,value,,green,0,0,0,h1,age";
        assert_eq!(why(&[may], &[may, group]), (vec![], vec![]));
        assert_eq!(why(&[may], &[may, june]), (vec![Why::NewWindow], vec![]));
        assert_eq!(why(&[may], &[corrected, june]), (vec![Why::NewWindowAndCorrected], vec![Why::Corrected]));
        assert_eq!(why(&[may], &[corrected]), (vec![Why::Corrected], vec![Why::Corrected]));
        assert_eq!(why(&[open], &[may]), (vec![Why::Settled], vec![Why::Settled]));
        assert_eq!(why(&[may], &[unread]), (vec![Why::Unknown], vec![Why::Unknown]));
        // More than what was open has changed.
        assert_eq!(why(&[open], &[many]), (vec![Why::Corrected], vec![Why::Corrected]));
        assert_eq!(why(&[provisional], &[may]), (vec![Why::Settled], vec![Why::Settled]));
        assert_eq!(why(&[may], &[redefined]), (vec![Why::Definition], vec![Why::Definition]));
    }
}
