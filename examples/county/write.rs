//! From lives to rows: ids, and what the files can know on the as-of date.

use super::dates::Day;
use super::dice::Dice;
use super::family::{Child, Family};
use super::file::Cell;
use super::handling::{self, Charge};
use super::mess::Tables;
use super::report::{Report, day_of};
use super::services::{self, Visit};
use super::setup::office_id;
use super::tables::{SPECS, Table};
use super::world::World;
use std::error::Error;

type Written = Result<(), Box<dyn Error>>;

/// Writes families, one after the other.
pub(crate) struct Writer<'a> {
    world: &'a World,
    tables: &'a mut Tables,
    /// The last id given, per table.
    last: [u64; SPECS.len()],
}

impl<'a> Writer<'a> {
    /// A writer that has not given any id.
    pub(crate) fn new(world: &'a World, tables: &'a mut Tables) -> Self {
        Self { world, tables, last: [0; SPECS.len()] }
    }

    fn next(&mut self, table: Table) -> u64 {
        let last = &mut self.last[table as usize];
        *last += 1;
        *last
    }

    /// Writes everything about a family that is known on the as-of date.
    pub(crate) fn family(&mut self, family: &Family, dice: &mut Dice) -> Written {
        let charges = handling::charges(self.world, family, dice);
        let mut ids = Vec::new();
        for child in &family.children {
            // Not yet born on the as-of date: no row, and nothing can have happened.
            ids.push(if child.born <= self.world.as_of { Some(self.child(family.office, child)?) } else { None });
        }
        self.siblings(&ids)?;
        for ((child, charges), id) in family.children.iter().zip(charges).zip(&ids) {
            let Some(id) = id else { continue };
            self.stays(child, *id)?;
            self.cases(family, child, *id, dice)?;
            self.care(family, child, *id, dice)?;
            self.charges(&charges, *id)?;
        }
        family.reports.iter().try_for_each(|report| self.report(report, &ids))
    }

    fn child(&mut self, office: usize, child: &Child) -> Result<u64, Box<dyn Error>> {
        let id = self.next(Table::Child);
        let ethnicity = child.ethnicity.map_or(Cell::Nothing, |e| Cell::Text(e.to_owned()));
        let row = [Cell::Id("C", id), Cell::Day(child.born), Cell::Code(child.sex), ethnicity, self.known(child.died)];
        self.tables.add(Table::Child, &row)?;
        self.tables.add(Table::HomeArea, &[Cell::Id("C", id), Cell::Text(office_id(office))])?;
        Ok(id)
    }

    fn siblings(&mut self, ids: &[Option<u64>]) -> Written {
        for one in ids.iter().flatten() {
            for other in ids.iter().flatten().filter(|other| *other != one) {
                self.tables.add(Table::Sibling, &[Cell::Id("C", *one), Cell::Id("C", *other)])?;
            }
        }
        Ok(())
    }

    fn stays(&mut self, child: &Child, id: u64) -> Written {
        for stay in &child.stays {
            let removal = self.next(Table::Removal);
            let exited = self.known(stay.exited);
            let exit = if exited == Cell::Nothing { Cell::Nothing } else { Cell::Code(stay.exit) };
            let (meeting, hearing) = (self.perhaps(stay.meeting), self.perhaps(stay.hearing));
            let row =
                [Cell::Id("R", removal), Cell::Id("C", id), Cell::Day(stay.removed), exited, exit, meeting, hearing];
            self.tables.add(Table::Removal, &row)?;
            for placement in stay.placements.iter().filter(|p| p.started <= self.world.as_of && p.started < p.ended) {
                let home = placement.home;
                let row = [
                    Cell::Id("P", self.next(Table::Placement)),
                    Cell::Id("R", removal),
                    Cell::Id("C", id),
                    Cell::Id(home.letters, home.number),
                    Cell::Day(placement.started),
                    self.known(placement.ended),
                    Cell::Code(home.setting),
                ];
                self.tables.add(Table::Placement, &row)?;
            }
        }
        Ok(())
    }

    fn cases(&mut self, family: &Family, child: &Child, id: u64, dice: &mut Dice) -> Written {
        let practice = &self.world.offices[family.office].practice;
        let first = self.world.start - 31;
        for case in child.cases().into_iter().filter(|c| c.from <= self.world.as_of) {
            let number = self.next(Table::Case);
            let row = [
                Cell::Id("S", number),
                Cell::Id("C", id),
                Cell::Day(case.from),
                self.known(case.until),
                Cell::Flag(case.court),
            ];
            self.tables.add(Table::Case, &row)?;
            for visit in services::visits(self.world, practice, case, first, dice) {
                self.visit(id, None, &visit)?;
            }
        }
        Ok(())
    }

    fn visit(&mut self, child: u64, report: Option<u64>, visit: &Visit) -> Written {
        let row = [
            Cell::Id("V", self.next(Table::Contact)),
            Cell::Id("C", child),
            report.map_or(Cell::Nothing, |id| Cell::Id("F", id)),
            Cell::Day(visit.day),
            Cell::Flag(visit.in_person),
            Cell::Flag(visit.completed),
            Cell::Flag(visit.in_residence),
        ];
        self.tables.add(Table::Contact, &row)
    }

    fn care(&mut self, family: &Family, child: &Child, id: u64, dice: &mut Dice) -> Written {
        let practice = &self.world.offices[family.office].practice;
        // Thirteen months back: the first window looks a year back.
        let first = self.world.start - 400;
        for stay in &child.stays {
            for kind in ["medical", "dental"] {
                for day in services::exams(self.world, practice, child, stay, kind, first, dice) {
                    let row =
                        [Cell::Id("E", self.next(Table::Exam)), Cell::Id("C", id), Cell::Code(kind), Cell::Day(day)];
                    self.tables.add(Table::Exam, &row)?;
                }
            }
        }
        for day in services::screenings(self.world, practice, child, first, dice) {
            let row = [Cell::Id("M", self.next(Table::Screening)), Cell::Id("C", id), Cell::Day(day)];
            self.tables.add(Table::Screening, &row)?;
        }
        Ok(())
    }

    fn charges(&mut self, charges: &[Charge], id: u64) -> Written {
        for charge in charges.iter().filter(|c| c.from <= self.world.as_of) {
            let worker = Cell::Id("W", charge.worker as u64 + 1);
            let row = [Cell::Id("C", id), worker, Cell::Day(charge.from), self.known(charge.until)];
            self.tables.add(Table::Assignment, &row)?;
        }
        Ok(())
    }

    fn report(&mut self, report: &Report, ids: &[Option<u64>]) -> Written {
        if report.received_on() > self.world.as_of {
            return Ok(());
        }
        let id = self.next(Table::Referral);
        let row = [
            Cell::Id("F", id),
            Cell::Time(report.received),
            Cell::Code(report.response),
            self.moment(report.attempt),
            self.moment(report.contact),
            self.known(report.closed),
            report.worker.map_or(Cell::Nothing, |w| Cell::Id("W", w as u64 + 1)),
        ];
        self.tables.add(Table::Referral, &row)?;
        for allegation in &report.allegations {
            let Some(child) = ids[allegation.child] else { continue };
            let disposed = self.known(allegation.disposed);
            let pending = disposed == Cell::Nothing;
            let row = [
                Cell::Id("A", self.next(Table::Allegation)),
                Cell::Id("F", id),
                Cell::Id("C", child),
                Cell::Code(allegation.kind),
                if pending { Cell::Nothing } else { Cell::Code(allegation.disposition) },
                disposed,
                allegation.incident.map_or(Cell::Nothing, Cell::Day),
                allegation.perpetrator.map_or(Cell::Nothing, Cell::Code),
            ];
            self.tables.add(Table::Allegation, &row)?;
        }
        for (child, day) in &report.visits {
            if let Some(child) = ids[*child].filter(|_| (self.world.start - 31..=self.world.as_of).contains(day)) {
                self.visit(
                    child,
                    Some(id),
                    &Visit { day: *day, in_person: true, completed: true, in_residence: true },
                )?;
            }
        }
        Ok(())
    }

    /// A day, unless it lies in the future.
    fn known(&self, day: Day) -> Cell {
        if day <= self.world.as_of { Cell::Day(day) } else { Cell::Nothing }
    }

    fn perhaps(&self, day: Option<Day>) -> Cell {
        day.map_or(Cell::Nothing, |day| self.known(day))
    }

    fn moment(&self, seconds: Option<i64>) -> Cell {
        seconds.filter(|s| day_of(*s) <= self.world.as_of).map_or(Cell::Nothing, Cell::Time)
    }
}
