//! The page of an indicator.

use super::World;
use super::shown::Tried;
use crate::describe::approval;
use crate::describe::{Page, Point};
use crate::ir::{Indicator, Standing};
use crate::report::catalog::{self, Approval, Link, Points};
use crate::scorecard::words;

/// The section of a description that stands under a heading of its own here, and how the one with
/// the tests begins, which are shown whole.
const STANDARDS: &str = "Standard and colour";
const EXAMPLES: &str = "Examples";

pub(super) fn indicator(world: &World, of: &Indicator, page: &Page, tried: &Tried) -> catalog::Indicator {
    let about = &of.about;
    let meanings = world.program.meanings(&of.id);
    let reads = world.reads(of);
    let head = page.head.as_ref();
    let author = head.map(|head| head.author.clone()).unwrap_or_default();
    let answered = approval::sentences(about, &meanings);
    let head = head.into_iter().flat_map(|head| &head.points).filter(|point| !answered.contains(&point.text));
    let (standards, sections): (Vec<_>, Vec<_>) =
        page.sections.iter().filter(|s| !s.title.starts_with(EXAMPLES)).partition(|s| s.title == STANDARDS);
    catalog::Indicator {
        id: of.id.clone(),
        page: world.pages.of_indicator(&of.id),
        title: about.title.clone(),
        tier: about.tier,
        domain: world.domain(of),
        status: about.status.clone(),
        question: about.question.clone(),
        meanings: world.with_hierarchies(of),
        owner: about.owner.clone(),
        approval: match about.standing(&meanings) {
            Standing::Unsaid => Approval::Unsaid,
            Standing::AsApproved(_) => Approval::Stands,
            Standing::Otherwise(_) => Approval::Otherwise,
        },
        approved: approval::standing(about, &meanings).unwrap_or_else(|| "no approval is written down".to_owned()),
        review: about.review_by.map(words::day),
        is_due: world.as_of.is_some_and(|day| about.is_review_due(day)),
        head: Points(head.cloned().collect()),
        author,
        sections: sections.into_iter().map(|s| (s.title.to_owned(), Points(s.points.clone()))).collect(),
        standards: Points(standards.into_iter().flat_map(|s| s.points.iter().cloned()).collect::<Vec<Point>>()),
        text: world.code(of.span),
        tests: tried.tests(world, &of.id),
        shown: tried.shown(world, &of.id),
        links: world.links(of),
        words: world.words(of, &reads),
        reads,
    }
}

impl World<'_> {
    fn domain(&self, of: &Indicator) -> Option<String> {
        let domain = self.program.model.domains.get(of.about.domain?)?;
        Some(domain.title.clone())
    }

    /// The meanings, with the hierarchy of each where there are several.
    fn with_hierarchies(&self, of: &Indicator) -> Vec<String> {
        let all = self.program.hierarchies().filter_map(|program| Some((program, program.find(&of.id)?)));
        let named = all.map(|(program, of)| match program.model.at_hand().and_then(|levels| levels.name.as_ref()) {
            Some(levels) => format!("{} ({levels})", of.meaning),
            None => of.meaning.clone(),
        });
        named.collect()
    }

    /// What the search looks through.
    fn words(&self, of: &Indicator, reads: &[Link]) -> String {
        let about = &of.about;
        let (domain, scorecards) = (self.domain(of), self.scorecards(of));
        let said = [&about.question, &about.reading, &about.source, &about.status, &about.owner, &domain];
        let said = said.into_iter().flatten().map(String::as_str);
        let approved = about.approved.iter().map(|approved| approved.by.as_str());
        let scorecards = scorecards.iter().flat_map(|(name, title)| [name.as_str(), title.as_str()]);
        let reads = reads.iter().flat_map(|link| [link.name.as_str(), link.note.as_str()]);
        let all = [of.id.as_str(), about.title.as_str()].into_iter().chain(said).chain(approved);
        all.chain(scorecards).chain(reads).collect::<Vec<_>>().join(" ")
    }
}
