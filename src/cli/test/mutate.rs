//! `yardstick test --mutate`: what the tests would not notice if the definition were another.

use super::super::failure::{Done, Failure};
use super::super::output::{self, Target};
use super::super::progress;
use super::coverage::share;
use super::{Arguments, wanted};
use crate::ir::Program;
use crate::mutation::{Changed, Library, Mutant};
use crate::parallel;
use crate::source::Sources;
use crate::trial;
use crate::visible;
use clap::ValueEnum;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fmt::Write;
use std::ops::ControlFlow;

/// How it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For reading.
    Text,
    /// One object per indicator.
    Json,
}

/// What the tests make of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Fate {
    /// A test fails with it, or can no longer be read.
    Noticed,
    /// All tests hold.
    Survived,
    /// It changes nothing: the meaning is the same.
    Same,
    /// It is no definition.
    Refused,
}

/// How many mutants of an indicator have each fate.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::cli) struct Counts {
    pub(in crate::cli) noticed: usize,
    survived: usize,
    same: usize,
    refused: usize,
}

impl Counts {
    fn add(&mut self, fate: Fate) {
        match fate {
            Fate::Noticed => self.noticed += 1,
            Fate::Survived => self.survived += 1,
            Fate::Same => self.same += 1,
            Fate::Refused => self.refused += 1,
        }
    }

    /// Those that can be noticed.
    pub(in crate::cli) fn all(&self) -> usize {
        self.noticed + self.survived
    }
}

pub(in crate::cli) type Judged = (Mutant, Fate);

/// Shows what no test notices. The tests hold.
pub(super) fn run(sources: &Sources, program: &Program, arguments: &Arguments) -> Done {
    let form = output::format(None, arguments.output.as_deref(), (Form::Text, "list of mutants"))?;
    let target = Target::open(arguments.output.as_deref())?;
    let filter = arguments.filter.as_deref();
    let (judged, counts) = of_all(sources, program, filter, arguments.threads.number);
    let shown = match form {
        Form::Text => text(sources, &judged, &counts),
        Form::Json => json(sources, &judged, &counts)?,
    };
    target.put(shown.as_bytes(), form == Form::Text)?;
    let scores = counts.iter().map(|(id, of)| (id.as_str(), of.noticed, of.all()));
    super::enough(scores, arguments.min, "share of noticed changes")
}

/// Every change of the indicators that are wanted with what the tests make of it, and how many of
/// each indicator have which fate, by its id. The tests hold.
pub(in crate::cli) fn of_all(
    sources: &Sources,
    program: &Program,
    filter: Option<&str>,
    threads: Option<usize>,
) -> (Vec<Judged>, BTreeMap<String, Counts>) {
    let library = Library::of(sources);
    let is_tested = |id: &str| {
        program
            .hierarchies()
            .any(|of| of.tests.iter().any(|t| of.indicators[t.indicator].id == id && wanted(of, t, filter)))
    };
    let ids = program.hierarchies().flat_map(|of| &of.indicators).map(|indicator| indicator.id.as_str());
    let ids: BTreeSet<&str> = ids.filter(|id| filter.is_none_or(|f| id.contains(f)) || is_tested(id)).collect();
    let mutants: Vec<Mutant> = ids.iter().flat_map(|id| library.mutants(id)).collect();
    let bar = progress::bar("change by change", mutants.len());
    let mut judged: Vec<Judged> = Vec::new();
    let work = |number: usize| {
        let mutant = &mutants[number];
        let fate = fate(&library, mutant, filter);
        bar.step();
        Ok::<_, Infallible>((mutant.clone(), fate))
    };
    let take = |one| {
        judged.push(one);
        ControlFlow::Continue(())
    };
    let Ok(()) = parallel::ordered_map(mutants.len(), parallel::threads(threads), work, take);
    drop(bar);
    let mut counts: BTreeMap<String, Counts> = ids.iter().map(|id| ((*id).to_owned(), Counts::default())).collect();
    for (mutant, fate) in &judged {
        counts.entry(mutant.indicator.clone()).or_default().add(*fate);
    }
    (judged, counts)
}

fn fate(library: &Library, mutant: &Mutant, filter: Option<&str>) -> Fate {
    match library.changed(mutant) {
        Changed::Refused => Fate::Refused,
        Changed::Same => Fate::Same,
        Changed::TestRefused => Fate::Noticed,
        Changed::Other(program) => {
            let of_all = program.hierarchies().flat_map(|of| of.tests.iter().map(move |test| (of, test)));
            let mut asked = of_all.filter(|(of, test)| wanted(of, test, filter));
            if asked.any(|(of, test)| trial::fails(of, test)) { Fate::Noticed } else { Fate::Survived }
        }
    }
}

fn text(sources: &Sources, judged: &[Judged], counts: &BTreeMap<String, Counts>) -> String {
    let mut out = String::new();
    for (id, of) in counts {
        let _ = writeln!(out, "{id}: {} noticed", share(of.noticed, of.all()));
        for (mutant, _) in judged.iter().filter(|(mutant, fate)| mutant.indicator == *id && *fate == Fate::Survived) {
            let (place, before, after) = shown(sources, mutant);
            let _ = writeln!(out, "  {place}\n    {before}\n    -> {after}");
        }
    }
    let sum = |of: fn(&Counts) -> usize| counts.values().map(of).sum::<usize>();
    let _ = writeln!(
        out,
        "\nEach change above was made by itself, and every test held. Not changed: words, standards, other declarations."
    );
    let (same, refused) = (sum(|of| of.same), sum(|of| of.refused));
    let _ =
        writeln!(out, "Left out because they change no meaning: {same}; because they make no definition: {refused}.");
    let _ = writeln!(
        out,
        "{} noticed in {}",
        share(sum(|of| of.noticed), sum(Counts::all)),
        super::indicators(counts.len())
    );
    out
}

/// The place of a mutant, and its text before and after.
pub(in crate::cli) fn shown(sources: &Sources, mutant: &Mutant) -> (String, String, String) {
    let place = mutant.edit.place;
    let file = sources.file(place.file);
    let changed = mutant.edit.replaced.first().map_or(place.start, |(span, _)| span.start);
    let (line, column) = file.line_column(changed);
    let before = super::in_one_line(sources, place);
    let after = super::one_line(&mutant.edit.after);
    let after = if after.is_empty() { "left out".to_owned() } else { after };
    (format!("{}:{line}:{column}", file.path.display()), before, visible::value(&after).into_owned())
}

fn json(sources: &Sources, judged: &[Judged], counts: &BTreeMap<String, Counts>) -> Result<String, Failure> {
    let one = |(id, of): (&String, &Counts)| {
        let mutants = judged.iter().filter(|(mutant, _)| mutant.indicator == *id).map(|(mutant, fate)| {
            let (place, before, after) = shown(sources, mutant);
            let fate = match fate {
                Fate::Noticed => "noticed",
                Fate::Survived => "survived",
                Fate::Same => "same meaning",
                Fate::Refused => "no definition",
            };
            json!({ "place": place, "before": before, "after": after, "fate": fate })
        });
        let mutants: Vec<_> = mutants.collect();
        json!({ "indicator": id, "noticed": of.noticed, "of": of.all(), "mutants": mutants })
    };
    let text = serde_json::to_string_pretty(&counts.iter().map(one).collect::<Vec<_>>());
    text.map(|text| text + "\n").map_err(|e| Failure::internal(e.to_string()))
}
