//! Who may hold a row beside the one that is said to: where the day of attribution is not known,
//! everyone who ever does, and where a stay that was set aside may be the one that counts, its
//! target.

use super::measure::wrong;
use super::session::Session;
use crate::plan::{self, HolderIndex, Tables};
use crate::store::{self, Store};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int32Array, RecordBatch};
use datafusion::arrow::datatypes::{Date32Type, Int32Type};
use datafusion::error::Result;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use yardstick_language::ir::Indicator;
use yardstick_language::model::{DatedLink, Model, Step, Table, TableId};

/// A day on which links are followed.
#[derive(Debug, Clone, Copy)]
pub(super) enum On {
    /// This one, as a day number.
    Day(i32),
    /// There is none.
    NoDay,
    /// It is not known which.
    AnyDay,
}

/// Those who may hold a row at one level, by their numbers; `None` is nobody.
pub(super) type Perhaps = BTreeSet<Option<i32>>;

/// A stay of one owner, half-open. What is missing in one that was set aside may be any day.
#[derive(Debug, Clone, Copy)]
struct Stay {
    from: Option<i32>,
    until: Option<i32>,
    target: Option<i32>,
}

impl Stay {
    fn may_be_open(&self, on: i32) -> bool {
        self.from.is_none_or(|from| from <= on) && self.until.is_none_or(|until| on < until)
    }
}

/// Who holds what by a dated link, and who may.
#[derive(Debug)]
pub(super) struct PossibleHolders {
    index: Arc<HolderIndex>,
    /// The stays that were set aside, by their owners, as far as these are known.
    aside: HashMap<i32, Vec<Stay>>,
    /// The stays in use of the same owners.
    in_use: HashMap<i32, Vec<Stay>>,
}

/// A step from one row to another.
#[derive(Debug)]
enum Way {
    Link(Int32Array),
    Dated(Arc<PossibleHolders>),
}

/// The ways from the owner of an indicator's rows to their holders.
#[derive(Debug)]
pub(super) struct OtherHolders {
    /// First those to the level of the attribution, then one for each level above that has one.
    ways: Vec<Way>,
    /// How many lead to the level of the attribution.
    first: usize,
    /// That level, and the number of levels.
    level: usize,
    levels: usize,
    /// The column of the table of owners that is true of those for whom it may not be known.
    pub(super) doubtful: Option<String>,
}

impl OtherHolders {
    /// Of an indicator; `None` where no day decides who holds a row. `session` gets the column
    /// [`doubtful`](Self::doubtful).
    ///
    /// # Errors
    /// When a column has another type than the model says.
    pub(super) fn of(model: &Model, indicator: &Indicator, store: &Store, session: &Session) -> Result<Option<Self>> {
        let attribution = &indicator.attribution;
        let plain = plan::plain_links(attribution);
        let mut table = indicator.cohort.table;
        for link in &plain {
            table = model.table(table).column(*link).leads_to().unwrap_or(table);
        }
        let owners = table;
        let ups = (2..=attribution.level).rev().map_while(|level| model.levels[level].up);
        let steps = attribution.steps[plain.len()..].iter().copied();
        let (mut ways, first) = (Vec::new(), steps.len());
        for step in steps.chain(ups) {
            let Some((way, next)) = way(model, store, session, table, step)? else { break };
            ways.push(way);
            table = next;
        }
        if ways.len() < first || !ways.iter().any(|way| matches!(way, Way::Dated(_))) {
            return Ok(None);
        }
        let (level, levels) = (attribution.level, model.levels.len());
        let mut others = Self { ways, first, level, levels, doubtful: None };
        let doubtful = others.doubtful_owners();
        if let Some(rows) = store.tables.get(&owners).filter(|_| !doubtful.is_empty()) {
            let numbers = 0..i32::try_from(rows.rows.num_rows()).unwrap_or(i32::MAX);
            let is: BooleanArray = numbers.map(|row| Some(doubtful.contains(&row))).collect();
            let name = format!("holders of {} in doubt", indicator.id);
            session.look_up_too(&model.table(owners).name, &name, Arc::new(is));
            others.doubtful = Some(name);
        }
        Ok(Some(others))
    }

    /// The owners for whom a stay that was set aside may count, at this step or a later one.
    fn doubtful_owners(&self) -> HashSet<i32> {
        let mut later: HashSet<i32> = HashSet::new();
        for way in self.ways.iter().rev() {
            later = match way {
                Way::Link(to) => {
                    let leads = |(row, to): (i32, Option<i32>)| to.filter(|to| later.contains(to)).map(|_| row);
                    if later.is_empty() { later } else { (0..).zip(to.iter()).filter_map(leads).collect() }
                }
                Way::Dated(dated) => {
                    let mut owners: HashSet<i32> = dated.aside.keys().copied().collect();
                    if !later.is_empty() {
                        let held = dated.index.pairs().filter(|(_, target)| later.contains(target));
                        owners.extend(held.map(|(owner, _)| owner));
                    }
                    owners
                }
            };
        }
        later
    }

    /// By level below the whole, who may hold what an owner has on a day beside those who are said
    /// to, in the same order.
    pub(super) fn beside(&self, said: &[Option<i32>], owner: Option<i32>, on: On) -> Vec<Perhaps> {
        let mut others = vec![Perhaps::new(); self.levels.saturating_sub(1)];
        let mut at: Perhaps = [owner].into();
        let (to_first, ups) = self.ways.split_at(self.first);
        for way in to_first {
            at = way.follow(&at, on);
        }
        let mut ups = ups.iter();
        for level in (1..=self.level).rev() {
            let below = level - 1;
            others[below] = at.iter().filter(|holder| said.get(below) != Some(holder)).copied().collect();
            at = ups.next().map_or_else(|| [None].into(), |way| way.follow(&at, on));
        }
        others
    }
}

impl Way {
    fn follow(&self, at: &Perhaps, on: On) -> Perhaps {
        at.iter().flat_map(|row| row.map_or_else(|| [None].into(), |row| self.from(row, on))).collect()
    }

    fn from(&self, row: i32, on: On) -> Perhaps {
        match self {
            Self::Link(to) => {
                let place = usize::try_from(row).ok().filter(|place| *place < to.len() && to.is_valid(*place));
                [place.map(|place| to.value(place))].into()
            }
            Self::Dated(dated) => dated.may_hold(row, on),
        }
    }
}

impl PossibleHolders {
    fn may_hold(&self, owner: i32, on: On) -> Perhaps {
        let aside = self.aside.get(&owner).map_or(&[][..], Vec::as_slice);
        match on {
            On::NoDay => [None].into(),
            On::AnyDay => {
                let ever = self.index.ever(owner).iter().map(|target| Some(*target));
                ever.chain(aside.iter().map(|stay| stay.target)).chain([None]).collect()
            }
            On::Day(day) => {
                let in_use = self.in_use.get(&owner).map_or(&[][..], Vec::as_slice);
                let began = in_use.iter().filter(|stay| stay.may_be_open(day)).filter_map(|stay| stay.from).max();
                // One that began before the stay that counts does not count instead.
                let may_count =
                    |stay: &&Stay| stay.may_be_open(day) && stay.from.is_none_or(|from| began <= Some(from));
                let may = aside.iter().filter(may_count).map(|stay| stay.target);
                may.chain([self.index.on(owner, day)]).collect()
            }
        }
    }
}

/// A step from a table, and the table it leads to; `None` where it was not loaded.
fn way(model: &Model, store: &Store, session: &Session, table: TableId, step: Step) -> Result<Option<(Way, TableId)>> {
    let declared = model.table(table);
    match step {
        Step::Link(column) => {
            let link = declared.column(column);
            let to = store.tables.get(&table).and_then(|table| table.rows.column_by_name(&link.name));
            let to = to.map(|to| to.as_primitive_opt::<Int32Type>().cloned().ok_or_else(|| wrong(&link.name)));
            Ok(to.transpose()?.zip(link.leads_to()).map(|(to, next)| (Way::Link(to), next)))
        }
        Step::Dated(number) => {
            let link = &declared.dated[number];
            // Many indicators go by the same link.
            let found = session.possible_holders((table, number), || {
                let Some(index) = session.holders(&store::dated_name(model, table, number)) else { return Ok(None) };
                possible(model, store, link, index)
            })?;
            Ok(found.map(|holders| (Way::Dated(holders), link.target)))
        }
    }
}

/// Who may hold what by a dated link; `None` where its stays were not loaded.
fn possible(
    model: &Model,
    store: &Store,
    link: &DatedLink,
    index: Arc<HolderIndex>,
) -> Result<Option<PossibleHolders>> {
    let Some(stays) = store.tables.get(&link.through) else { return Ok(None) };
    let through = model.table(link.through);
    let aside = match &stays.went {
        Some(went) => by_owner(through, link, went, |_| true)?,
        None => HashMap::new(),
    };
    let in_use = match aside.is_empty() {
        true => HashMap::new(),
        false => by_owner(through, link, &stays.rows, |owner| aside.contains_key(&owner))?,
    };
    Ok(Some(PossibleHolders { index, aside, in_use }))
}

/// The stays of some owners.
fn by_owner(
    through: &Table,
    link: &DatedLink,
    rows: &RecordBatch,
    wanted: impl Fn(i32) -> bool,
) -> Result<HashMap<i32, Vec<Stay>>> {
    let mut stays: HashMap<i32, Vec<Stay>> = HashMap::new();
    let Some(spans) = through.spans else { return Ok(stays) };
    let column = |id| -> Result<&ArrayRef> {
        let name = &through.column(id).name;
        rows.column_by_name(name).ok_or_else(|| wrong(name))
    };
    let number = |id| -> Result<&Int32Array> {
        column(id)?.as_primitive_opt::<Int32Type>().ok_or_else(|| wrong(&through.column(id).name))
    };
    let day = |id| column(id)?.as_primitive_opt::<Date32Type>().ok_or_else(|| wrong(&through.column(id).name));
    let (owners, targets) = (number(link.owner)?, number(link.value)?);
    let (from, until) = (day(spans.from)?, day(spans.until)?);
    for (row, owner) in owners.iter().enumerate() {
        let Some(owner) = owner.filter(|owner| wanted(*owner)) else { continue };
        let through = i32::from(spans.through);
        stays.entry(owner).or_default().push(Stay {
            from: from.is_valid(row).then(|| from.value(row)),
            until: until.is_valid(row).then(|| until.value(row) + through),
            target: targets.is_valid(row).then(|| targets.value(row)),
        });
    }
    Ok(stays)
}
