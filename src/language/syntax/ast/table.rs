//! Tables of the model, as they are written.

use super::{Expr, Name, Path, Text};
use crate::source::{Span, Spanned};

/// A table of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name in the language.
    pub name: Name,
    /// What one row is, in words.
    pub title: Option<Text>,
    /// `from "FILE"`: the file's name without its ending; the table's name when missing.
    pub file: Option<Text>,
    /// `sheet "NAME"`: the sheet of a workbook.
    pub sheet: Option<Text>,
    /// `in windows-1252`: how its text is encoded; UTF-8 when missing.
    pub encoding: Option<Name>,
    /// Whether its rows arrive as time goes by; not those of a calendar or a schedule (`not fed`).
    pub fed: bool,
    /// `distinct`: of rows the same in every column of the file one counts.
    pub distinct: Option<Span>,
    /// `of episode.need`: its rows are the words of this column of another table, and it declares
    /// nothing else.
    pub words_of: Option<(Name, Name)>,
    /// What it declares, in order.
    pub members: Vec<Member>,
    /// The whole declaration.
    pub span: Span,
}

/// One line of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Member {
    /// `removal_id key`; `from` names all columns of the file that make up the id.
    Key { name: Name, read_as: Vec<Spanned<ReadAs>>, from: Vec<Text> },
    /// `exited_on date?` or `setting { relative, shelter }`; `not_yet` is the place of `missing
    /// means not yet`. `spelled` is empty where no word has another spelling.
    Column {
        name: Name,
        ty: ColumnType,
        spelled: Vec<Spelled>,
        optional: bool,
        not_yet: Option<Span>,
        known: Option<KnownWith>,
        written: Vec<Text>,
        read_as: Vec<Spanned<ReadAs>>,
        from: Option<Text>,
        joined: Option<Joined>,
    },
    /// `child -> child` (file column `child_id`), or with `through`, a dated link by way of another
    /// table.
    Link {
        name: Name,
        target: Name,
        optional: bool,
        through: Option<Name>,
        known: Option<KnownWith>,
        read_as: Vec<Spanned<ReadAs>>,
        from: Vec<Text>,
    },
    /// `removals <- removal` or `siblings <- sibling.child`: the rows that link here.
    Back { name: Name, table: Name, via: Option<Name> },
    /// `received_on = day of received_at`: a name for an expression of the row.
    Derived { name: Name, value: Expr },
    /// `spans removed_on until exited_on`: the half-open stay; with `through`, the second day
    /// is the last.
    Spans { from: Name, until: Name, through: bool, span: Span },
    /// `peers by peer_group`: of a level's table, the column that says whose rows are alike.
    Peers { column: Name, span: Span },
    /// `rule in_order "born before removed" child.born_on on or before removed_on`.
    Rule { name: Name, title: Text, condition: Expr },
    /// `attribute child.worker at removed_on`: whose rows they are when the rules are counted.
    Attribute { path: Path, at: Expr, span: Span },
    /// `begins on received_at`, or `begins with report`: the day from which on the row is there, or
    /// the link to the row with which it is.
    Begins { column: Name, with_row: bool, span: Span },
}

/// `from exit.left_on`: the column of another table in which the value stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// The other table.
    pub table: Name,
    /// Its column.
    pub column: Name,
    /// All of it.
    pub span: Span,
}

/// `known with exited_on`, `known with the row`: when a value that may be missing is known.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownWith {
    /// The day it is known with; none, when that is the row's own.
    pub day: Option<Name>,
    /// All of it.
    pub span: Span,
}

/// `reunification "E4" "E4A"`, `other otherwise`: a word of a list, and how the file spells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Spelled {
    /// The word; of a `bool`, `true` or `false`.
    pub word: Name,
    /// What stands in the file; none, when that is the word itself.
    pub texts: Vec<Text>,
    /// `otherwise`: any other text is this word.
    pub otherwise: Option<Span>,
}

/// What of a text in the files does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadAs {
    /// `trimmed`: blanks around it.
    Trimmed,
    /// `ignoring case`.
    IgnoringCase,
    /// `as whole number`: zeros before it, and a fraction of nothing.
    WholeNumber,
}

/// A column's type as written.
#[derive(Debug, Clone, PartialEq)]
pub enum ColumnType {
    /// `date`, `timestamp`, `text`, `bool`, `int`, `days`, `months`, `years`, or a word that is
    /// none of these.
    Named(Name),
    /// `decimal(12, 2)`: a word, how many digits, and how many of them after the point.
    Digits(Name, Spanned<i64>, Spanned<i64>),
    /// `{ reunification, adoption }`.
    Codes(Vec<Name>),
}
