//! Which declaration each name means: the ground of hover, go to definition, find references and
//! rename.
//!
//! A name that means nothing has no entry. A level below the whole is a table, and its name in the
//! `levels` line is a use of that table. The words of a named set of codes mean those of each list
//! that the set is asked of, so one place may mean several declarations: they are renamed together.

use crate::source::{FileId, Span};
use crate::syntax::ast::Name;
use std::collections::BTreeSet;

/// What a name was declared as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A hierarchy of levels that has a name.
    Hierarchy,
    /// The level of the whole, the first of the `levels` line; the others are tables.
    Level,
    /// A domain of indicators.
    Domain,
    /// A table.
    Table,
    /// The column that names a row.
    Key,
    /// Another column of the file that is no link.
    Column,
    /// A link to a row.
    Link,
    /// A link whose target depends on the day.
    DatedLink,
    /// The rows of a table that link here.
    BackLink,
    /// A name for an expression of the row, in its table or by `define`.
    Derived,
    /// A rule: a condition that must hold of every row.
    Rule,
    /// `days`, which every row with a `spans` line has.
    Days,
    /// `last_day`, likewise.
    LastDay,
    /// A word of a column's list.
    Word,
    /// A named set of codes.
    Codes,
    /// A named set of rows.
    Rows,
    /// By what results can be broken down.
    Groups,
    /// An indicator.
    Indicator,
    /// A scorecard.
    Scorecard,
    /// A plan.
    Plan,
    /// A `let` of an indicator.
    Let,
    /// A row's name in one question, `as later`.
    Alias,
}

impl Kind {
    /// The kind in the analyst's words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Hierarchy => "hierarchy of levels",
            Self::Level => "level",
            Self::Domain => "domain",
            Self::Table => "table",
            Self::Key => "key",
            Self::Column => "column",
            Self::Link => "link",
            Self::DatedLink => "link that depends on the day",
            Self::BackLink => "rows that link here",
            Self::Derived => "derived column",
            Self::Rule => "rule",
            Self::Days | Self::LastDay => "member of a stay",
            Self::Word => "word of a list",
            Self::Codes => "set of codes",
            Self::Rows => "set of rows",
            Self::Groups => "breakdown",
            Self::Indicator => "indicator",
            Self::Scorecard => "scorecard",
            Self::Plan => "plan",
            Self::Let => "local name",
            Self::Alias => "name of a row",
        }
    }

    /// Whether the name stands where it is declared: `days` and `last_day` come with the `spans`
    /// line, and are named only where they are used.
    #[must_use]
    pub fn stands_there(self) -> bool {
        !matches!(self, Self::Days | Self::LastDay)
    }
}

/// A declared name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Declaration {
    /// Where the name is declared; of `days` and `last_day`, the word `spans`.
    pub span: Span,
    /// What it was declared as.
    pub kind: Kind,
    /// The name.
    pub name: String,
    /// Its type in words (`a day`), where it has one and no mistake.
    pub ty: Option<String>,
}

/// The number of a declaration, see [`References::declaration`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeclarationId(usize);

/// A place where a name is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The name there.
    pub span: Span,
    /// What it means.
    pub declaration: DeclarationId,
}

/// All declarations and all uses of them, in all files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    /// By place.
    declarations: Vec<Declaration>,
    /// By place, then declaration.
    uses: Vec<Use>,
    /// The same by declaration, then place.
    by_declaration: Vec<Use>,
    /// Every place where a name stands, declared or used, by place.
    places: Vec<Use>,
}

impl References {
    /// All declarations with their numbers, by place.
    pub fn declarations(&self) -> impl Iterator<Item = (DeclarationId, &Declaration)> {
        self.declarations.iter().enumerate().map(|(i, declaration)| (DeclarationId(i), declaration))
    }

    /// A declaration of these references.
    #[must_use]
    pub fn declaration(&self, id: DeclarationId) -> Option<&Declaration> {
        self.declarations.get(id.0)
    }

    /// All uses, by place. A place that means several declarations stands there once for each.
    #[must_use]
    pub fn uses(&self) -> &[Use] {
        &self.uses
    }

    /// The uses of a declaration, by place, without the declaration itself.
    #[must_use]
    pub fn uses_of(&self, id: DeclarationId) -> &[Use] {
        let first = self.by_declaration.partition_point(|used| used.declaration < id);
        let all = self.by_declaration.get(first..).unwrap_or_default();
        let end = all.partition_point(|used| used.declaration <= id);
        all.get(..end).unwrap_or_default()
    }

    /// What the name at a byte of a file means, at its declaration as at its uses; also just behind
    /// the name, where a cursor stands after it was typed. Of several meanings, the first declared.
    #[must_use]
    pub fn declaration_at(&self, file: FileId, offset: u32) -> Option<DeclarationId> {
        self.meanings_of(self.place_at(file, offset)?).next()
    }

    /// The place of the name at a byte of a file, or just before it.
    #[must_use]
    pub fn place_at(&self, file: FileId, offset: u32) -> Option<Span> {
        let behind = self.places.partition_point(|place| (place.span.file, place.span.start) <= (file, offset));
        let last = self.places.get(..behind)?.last()?;
        (last.span.file == file && offset <= last.span.end).then_some(last.span)
    }

    /// Every place of a file where a name stands, with what it means there, by place.
    #[must_use]
    pub fn places_in(&self, file: FileId) -> &[Use] {
        let first = self.places.partition_point(|place| place.span.file < file);
        let all = self.places.get(first..).unwrap_or_default();
        let end = all.partition_point(|place| place.span.file <= file);
        all.get(..end).unwrap_or_default()
    }

    /// Every place that has to be written anew when a declaration gets another name: its own, its
    /// uses, and those of declarations that share a use with it. A column or table that has no
    /// `from` is found in the files by its name, so it needs one then.
    #[must_use]
    pub fn renamed_with(&self, id: DeclarationId) -> BTreeSet<Span> {
        let (mut places, mut seen, mut open) = (BTreeSet::new(), BTreeSet::from([id]), vec![id]);
        while let Some(id) = open.pop() {
            let own = self.declaration(id).filter(|d| d.kind.stands_there()).map(|d| d.span);
            places.extend(own);
            for used in self.uses_of(id) {
                places.insert(used.span);
                open.extend(self.meanings_of(used.span).filter(|other| seen.insert(*other)));
            }
        }
        places
    }

    /// What the name at exactly this place means: several declarations where the word of a named
    /// set belongs to several lists.
    pub fn meanings_of(&self, span: Span) -> impl Iterator<Item = DeclarationId> + '_ {
        let first = self.places.partition_point(|place| place.span < span);
        let rest = self.places.get(first..).unwrap_or_default().iter();
        rest.take_while(move |place| place.span == span).map(|place| place.declaration)
    }
}

/// A declaration by where it stands and what it is: no two have both.
pub(super) type Key = (Span, Kind);

/// Gathers names while they are looked up.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    declared: Vec<Declaration>,
    uses: Vec<(Span, Key)>,
}

impl Names {
    /// A declaration that was found, and its type in words.
    pub(super) fn declare(&mut self, kind: Kind, name: &Name, ty: Option<String>) {
        self.declared.push(Declaration { span: name.span, kind, name: name.value.clone(), ty });
    }

    /// The name at `used` means this.
    pub(super) fn refer(&mut self, used: Span, meaning: Key) {
        self.uses.push((used, meaning));
    }

    /// The places where names are used, with what they mean there.
    pub(super) fn uses(&self) -> impl Iterator<Item = (Span, Key)> + '_ {
        self.uses.iter().copied()
    }

    /// Takes over what another has gathered.
    pub(super) fn extend(&mut self, other: Self) {
        self.declared.extend(other.declared);
        self.uses.extend(other.uses);
    }

    /// Takes over what another has gathered inside a place.
    pub(super) fn extend_inside(&mut self, other: Self, place: Span) {
        self.declared.extend(other.declared.into_iter().filter(|d| d.span.is_inside(place)));
        self.uses.extend(other.uses.into_iter().filter(|(used, _)| used.is_inside(place)));
    }

    /// The table of all that was gathered.
    pub(super) fn finish(self) -> References {
        let mut declarations = self.declared;
        // Sorted already for the greater part, which the stable sort can tell.
        declarations.sort();
        declarations.dedup_by_key(|d| (d.span, d.kind));
        let number = |key: &Key| declarations.binary_search_by_key(key, |d| (d.span, d.kind)).ok().map(DeclarationId);
        let found = self.uses.iter().filter_map(|(span, key)| Some(Use { span: *span, declaration: number(key)? }));
        let mut uses: Vec<Use> = found.collect();
        uses.sort();
        uses.dedup();
        let mut by_declaration = uses.clone();
        by_declaration.sort_by_key(|used| used.declaration);
        let numbered = declarations.iter().enumerate().filter(|(_, d)| d.kind.stands_there());
        let own = numbered.map(|(i, d)| Use { span: d.span, declaration: DeclarationId(i) });
        let mut places: Vec<Use> = own.chain(uses.iter().copied()).collect();
        places.sort();
        References { declarations, uses, by_declaration, places }
    }
}
