//! The rows of a test, one by one, without the engine.

use super::{Asked, Became, Entity, Rows, no_such_entity};
use crate::elsewhere;
use crate::hierarchy::UNASSIGNED;
use crate::interpreted::{self, Hold};
use crate::scorecard::rollup::Total;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use yardstick_language::calendar::Window;
use yardstick_language::interpret::{self, Calendar, Cell, Clause, Question, Seen, Value, Verdict, World};
use yardstick_language::ir::{Indicator, Part, Program, Target, Test, Ty};
use yardstick_language::model::Targets;

/// The rows of a test.
#[derive(Debug)]
pub struct Interpreter<'a> {
    program: &'a Program,
    test: &'a Test,
    pub(super) world: World<'a>,
    /// By window and level, what became of the rows.
    verdicts: BTreeMap<(Window, usize), Vec<Verdict>>,
    /// What the conditions were meanwhile, when they are watched.
    seen: Option<Seen>,
}

/// Whose rows are asked about: the whole, or by level the number of a row of its table; nobody when
/// there is none.
type Whose = Option<(usize, Option<usize>)>;

impl<'a> Interpreter<'a> {
    /// # Errors
    /// When a drawn row breaks the model.
    pub fn new(program: &'a Program, test: &'a Test) -> Result<Self, String> {
        let world = interpret::drawn(&program.model, test).map_err(|fault| fault.to_string())?;
        Ok(Self { program, test, world, verdicts: BTreeMap::new(), seen: None })
    }

    /// The same, and what the conditions are is noted.
    ///
    /// # Errors
    /// When a drawn row breaks the model.
    pub fn watching(program: &'a Program, test: &'a Test) -> Result<Self, String> {
        Ok(Self { seen: Some(Seen::default()), ..Self::new(program, test)? })
    }

    pub(super) fn indicator(&self) -> &'a Indicator {
        &self.program.indicators[self.test.indicator]
    }

    fn question(&self, window: Window, level: usize) -> Question<'_> {
        let as_of = self.test.as_of;
        Question { world: &self.world, indicator: self.indicator(), as_of, window, level, arithmetic: &Calendar }
    }

    /// What became of the rows that are asked about.
    fn rows_of(&mut self, asked: Asked) -> Result<impl Iterator<Item = (&Verdict, Hold)>, String> {
        let (level, row) = self.whose(asked.of)?.unwrap_or((0, None));
        let indicator = self.indicator();
        let all = self.verdicts(asked.window, level)?.iter();
        let all = all.filter_map(move |verdict| Some((verdict, interpreted::hold(verdict, level, row)?)));
        Ok(all.filter(move |(verdict, hold)| {
            asked.group.is_none_or(|group| interpreted::is_in_group(indicator, verdict, *hold, group))
        }))
    }

    fn whose(&self, of: Entity) -> Result<Whose, String> {
        let Some((level, id)) = of else { return Ok(None) };
        let declared = &self.program.model.levels[*level];
        match declared.table {
            None if declared.name == *id => Ok(None),
            Some(_) if id == UNASSIGNED => Ok(Some((*level, None))),
            None => Err(no_such_entity(self.program, *level, id)),
            Some(table) => match self.world.find(table, id) {
                Some(row) => Ok(Some((*level, Some(row)))),
                None => Err(no_such_entity(self.program, *level, id)),
            },
        }
    }
}

impl Interpreter<'_> {
    /// Who holds a row, or that it is not the one that is picked.
    fn whereabouts(
        &mut self,
        window: Window,
        level: usize,
        row: usize,
        cohort: &Cell,
    ) -> Result<Option<String>, String> {
        let indicator = self.indicator();
        let verdict = self.verdicts(window, level)?.iter().find(|verdict| verdict.row == row).cloned();
        Ok(match verdict {
            Some(verdict) => Some(format!("held by: {}", self.holder_of(&verdict))),
            None if indicator.cohort.pick.is_some() && *cohort != Some(Value::Bool(false)) => {
                Some("picked: false".to_owned())
            }
            None => None,
        })
    }

    /// The entity that holds a row, at the level of the attribution.
    fn holder_of(&self, verdict: &Verdict) -> String {
        let level = self.indicator().attribution.level;
        let holder = self.program.model.levels[level].table.zip(holder(verdict, level));
        holder.map_or_else(|| UNASSIGNED.to_owned(), |(table, row)| self.world.name(table, row))
    }

    /// What became of the rows in a window, as a level sees them.
    pub(super) fn verdicts(&mut self, window: Window, level: usize) -> Result<&[Verdict], String> {
        if !self.verdicts.contains_key(&(window, level)) {
            let question = self.question(window, level);
            let verdicts = if self.seen.is_none() {
                interpret::cases(question).map_err(|fault| fault.to_string())?
            } else {
                let (verdicts, meanwhile) = interpret::watched(question).map_err(|fault| fault.to_string())?;
                self.seen.get_or_insert_default().add(&meanwhile);
                verdicts
            };
            self.verdicts.insert((window, level), verdicts);
        }
        Ok(self.verdicts.get(&(window, level)).map_or(&[], Vec::as_slice))
    }
}

/// Who holds a row at a level below the whole.
fn holder(verdict: &Verdict, level: usize) -> Option<usize> {
    verdict.entities.get(level.checked_sub(1)?).copied().flatten()
}

impl Rows for Interpreter<'_> {
    fn seen(&mut self) -> Seen {
        self.seen.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn total(&mut self, asked: Asked) -> Result<Total, String> {
        let indicator = self.indicator();
        Ok(interpreted::total(indicator, self.rows_of(asked)?))
    }

    fn target(&mut self, targets: Targets, of: Entity, day: NaiveDate) -> Result<Target, String> {
        let row = self.whose(of)?.and_then(|(_, row)| row);
        Ok(row.map_or(Target::None, |row| self.world.target(targets, row, day)))
    }

    fn row(&mut self, asked: Asked, id: &str) -> Result<Option<Became>, String> {
        let table = self.indicator().cohort.table;
        let Some(row) = self.world.find(table, id) else { return Ok(None) };
        let found = self.rows_of(asked)?.find(|(verdict, _)| verdict.row == row);
        let Some((verdict, hold)) = found.map(|(verdict, hold)| (verdict.clone(), hold)) else { return Ok(None) };
        let held_by = self.holder_of(&verdict);
        Ok(elsewhere::seen(self.indicator(), verdict.outcome, verdict.unsure, hold).map(|(outcome, unsure)| Became {
            outcome,
            unsure,
            held_by,
        }))
    }

    fn clauses(&mut self, asked: Asked, id: &str) -> Result<Vec<String>, String> {
        let Asked { window, of, .. } = asked;
        let indicator = self.indicator();
        let Some(row) = self.world.find(indicator.cohort.table, id) else { return Ok(Vec::new()) };
        let level = self.whose(of)?.map_or(0, |(level, _)| level);
        let as_asked = interpret::as_asked(&self.program.model, indicator);
        let question = Question { indicator: &as_asked, ..self.question(window, level) };
        let found = interpret::trace(question, row, 0).map_err(|fault| fault.to_string())?;
        let said = |(clause, finding): &(Clause, interpret::Finding)| {
            let value = value(&self.world, finding.expr.ty, &finding.value);
            format!("{}: {value}", words(indicator, *clause))
        };
        let mut said: Vec<String> = found.iter().map(said).collect();
        let cohort = found.first().and_then(|(_, finding)| finding.value.clone());
        said.extend(self.whereabouts(window, level, row, &cohort)?);
        Ok(said)
    }
}

/// A clause as it is called in the text.
fn words(indicator: &Indicator, clause: Clause) -> String {
    match clause {
        Clause::Cohort => "cohort".to_owned(),
        Clause::By => "by".to_owned(),
        Clause::Exclude(number) => {
            let reason = indicator.exclusions.get(number).map_or("", |exclusion| exclusion.reason.as_str());
            format!("exclude \"{reason}\"")
        }
        Clause::Measure(part) => match part {
            Part::Numerator => "numerator",
            Part::Denominator => "denominator",
            Part::Value => "value",
            Part::Distinct => "count distinct",
            Part::From => "from",
            Part::To => "to",
            Part::Censored => "censored at",
            Part::EndsBy => "incidence of",
        }
        .to_owned(),
        Clause::AttributedOn => "attributed on".to_owned(),
    }
}

fn value(world: &World, ty: Ty, cell: &Cell) -> String {
    match (cell, ty) {
        (None, Ty::Bool) => "unknown".to_owned(),
        (None, _) => "missing".to_owned(),
        (Some(Value::Bool(truth)), _) => truth.to_string(),
        (Some(Value::Int(number)), _) => number.to_string(),
        (Some(Value::Text(text)), _) => text.clone(),
        (Some(Value::Date(day)), _) => day.to_string(),
        (Some(Value::Time(time)), _) => time.format("%Y-%m-%d %H:%M:%S").to_string(),
        (Some(Value::Code(place)), Ty::Code(list)) => list.word(world.model, *place).unwrap_or_default().to_owned(),
        (Some(Value::Code(place)), _) => place.to_string(),
        (Some(Value::Row(row)), Ty::Row(table)) => world.name(table, *row),
        (Some(Value::Row(row)), _) => row.to_string(),
    }
}
