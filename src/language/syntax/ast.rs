//! The untyped tree of one file, as the analyst wrote it: names, not ids, and a span on everything.

mod approved;
mod length;
mod measure;
mod plan;
mod scorecard;
mod table;
mod test;

use crate::decimal::Decimal;
use crate::source::{Span, Spanned};
pub use approved::Approved;
use chrono::NaiveDate;
pub use length::{Duration, Unit};
pub use measure::{Denominator, Incidence, Measure, Per};
pub use plan::{Action, ExpectedPath, Plan, PlanLine};
pub use scorecard::Scorecard;
pub use table::{ColumnType, Joined, KnownWith, Member, ReadAs, Spelled, Table};
pub use test::{Colour, DrawnTable, EntityName, Expect, ExpectedFigure, Figures, GroupName, Outcome, Test};

/// A name as written.
pub type Name = Spanned<String>;
/// A quoted text, without its quotes and with escapes resolved.
pub type Text = Spanned<String>;
/// Names joined by dots: `child.removals`, `window.last_day`, `later.removed_on`.
pub type Path = Spanned<Vec<Name>>;

/// The declarations of one file, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ast {
    /// Declarations that could be read; one that could not is missing and has a diagnostic.
    pub items: Vec<Item>,
    /// Names of declarations that could not be read and have a diagnostic; a use of one is no
    /// further mistake.
    pub unread: Vec<Name>,
}

/// One top-level declaration.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// `levels department > bureau > office`: from the whole to the smallest.
    Levels(Levels),
    /// `domains safety "Safety", permanency "Permanency"`.
    Domains(Vec<(Name, Option<Text>)>),
    /// `dates 9999-12-31, 0001-01-01 mean missing`.
    MissingDates(Vec<Spanned<NaiveDate>>),
    /// `text "NULL", "NA" mean missing`.
    MissingWords(Vec<Text>),
    /// `headers ignoring case`.
    HeadersIgnoreCase,
    /// `quality at most 5% set aside`.
    Quality(Spanned<f64>),
    /// `business days monday to friday except holiday.day`.
    BusinessDays(BusinessDays),
    /// `times are local to America/Los_Angeles`, or `times are local`.
    Times { zone: Option<Name>, span: Span },
    /// `table removal "a stay in care" { ... }`.
    Table(Table),
    /// `codes permanency = { reunification, adoption }`.
    Codes { name: Name, values: Vec<Name> },
    /// `rows substantiated = allegation where ...`.
    Rows { name: Name, table: Name, condition: Expr },
    /// `define in_family of placement = setting in { ... }`.
    Define(Define),
    /// `groups age "Age" of child = years from born_on to at bands ...`.
    Groups(Groups),
    /// `indicator reentry { ... }`.
    Indicator(Indicator),
    /// `scorecard tier_1 "Tier I" { ... }`.
    Scorecard(Scorecard),
    /// `plan timely_meetings of entry_with_timely_meeting { ... }`.
    Plan(Plan),
    /// `test reentry "a same-day return counts" { ... }`.
    Test(Test),
}

/// A hierarchy of levels.
#[derive(Debug, Clone, PartialEq)]
pub struct Levels {
    /// Its name; none of the first.
    pub name: Option<Name>,
    /// From the whole to the smallest.
    pub levels: Vec<Name>,
    /// The whole declaration.
    pub span: Span,
}

/// A name for a condition or value of a table's rows, said outside of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Define {
    /// Its name.
    pub name: Name,
    /// The table of the rows that have the value.
    pub table: Name,
    /// What it stands for.
    pub value: Expr,
}

/// By what results can be broken down.
#[derive(Debug, Clone, PartialEq)]
pub struct Groups {
    /// Its name.
    pub name: Name,
    /// As shown.
    pub title: Option<Text>,
    /// The table of the rows that have the value.
    pub table: Name,
    /// The value.
    pub value: Expr,
    /// The bands of the value; none of a code, or of true and false.
    pub bands: Vec<Band>,
}

/// One band of a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// As shown.
    pub title: Text,
    /// What its values compare with; none of the last band.
    pub bound: Option<(Spanned<CompareOp>, Bound)>,
    /// The whole band.
    pub span: Span,
}

/// What the values of a band compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// A whole number.
    Number(i64),
    /// A number with a point.
    Decimal(Decimal),
    /// A text.
    Text(String),
}

/// Which days are business days.
#[derive(Debug, Clone, PartialEq)]
pub struct BusinessDays {
    /// The first weekday of the week's work.
    pub first: Name,
    /// The last.
    pub last: Name,
    /// A table and its column of days on which nobody works.
    pub except: Option<(Name, Name)>,
    /// The whole declaration.
    pub span: Span,
}

/// An indicator: its clauses as written, so that missing and repeated ones are told apart later.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Its id.
    pub name: Name,
    /// The indicator whose clauses it takes over.
    pub like: Option<Name>,
    /// Its clauses, in order, each with its place.
    pub clauses: Vec<Spanned<Clause>>,
    /// The whole declaration.
    pub span: Span,
}

/// One clause of an indicator.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// `title "..."`.
    Title(Text),
    /// `tier 1`.
    Tier(Spanned<i64>),
    /// `domain permanency`.
    Domain(Name),
    /// `question "..."`.
    Question(Text),
    /// `reading "..."`: which reading of the published measure this is.
    Reading(Text),
    /// `source "..."`.
    Source(Text),
    /// `status published`.
    Status(Name),
    /// `owner "..."`.
    Owner(Text),
    /// `approved by "..." on 2026-03-01 as meaning "13b31cc2c595a627"`.
    Approved(Approved),
    /// `review by 2027-03-01`.
    Review(Spanned<NaiveDate>),
    /// `window 12 months`, `window week`, `window month end every quarter`.
    Window(Window),
    /// `lag 2 months`: wait this much longer before a window is shown.
    Lag(Spanned<Duration>),
    /// `history 36 months`: how far back is far enough, where the text looks back without an end.
    History(Spanned<Duration>),
    /// `as it stands`: a window is shown when it has ended.
    AsItStands,
    /// `let birthday = child.born_on + 18 years`.
    Let { name: Name, value: Expr },
    /// `cohort ...`.
    Cohort(Cohort),
    /// `exclude "reason" condition`.
    Exclude { reason: Text, condition: Expr },
    /// `measure rate per 100_000 days`, `measure median of days`; a proportion has none.
    Measure(Spanned<Measure>),
    /// `numerator condition`; of a rate, also a number.
    Numerator(Expr),
    /// `denominator days in window`.
    Denominator(Denominator),
    /// `attribute child.worker at last_day`.
    Attribute { path: Path, at: Expr },
    /// `standard at least 94.6% ...`.
    Standard(Standard),
    /// `without minimum`, `without "in care under 8 days"`: a clause that is not taken over.
    Without(Without),
    /// `minimum 10 cases`: smaller denominators get no value.
    Minimum(Spanned<i64>),
}

/// What an indicator that is like another does not take over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Without {
    /// The exclusion with this reason.
    Exclusion(Text),
    /// The clauses that begin with this word.
    Clause(Name),
}

/// The period one cell is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// How long it is.
    pub length: Spanned<WindowSpec>,
    /// With which months a window ends; with any when nothing is said.
    pub ends: Option<Spanned<WindowEnds>>,
}

/// The length of a reporting window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WindowSpec {
    /// `month end`: the last day of the month.
    MonthEnd,
    /// `week`: Monday to Sunday.
    Week,
    /// `quarter`: three months that end with a quarter of the year.
    Quarter,
    /// `n` whole calendar months that end on a month's last day.
    Months(i64),
    /// `year to date`, `fiscal year to date from July`.
    YearToDate { fiscal: bool, from: Option<Name> },
    /// `all time`.
    AllTime,
    /// A length that is not whole months; the checker refuses it by this unit.
    Other(i64, Unit),
}

/// The months that windows end with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WindowEnds {
    /// `every quarter`.
    EveryQuarter,
    /// `ending in March, September`.
    In(Vec<Name>),
}

/// `cohort last removal of each child by exited_on open on window.start where ...`.
#[derive(Debug, Clone, PartialEq)]
pub struct Cohort {
    /// One row per something, when asked for.
    pub pick: Option<Pick>,
    /// A table or a named row set.
    pub table: Name,
    /// `open on D`, `overlapping window`, `covering window`.
    pub relation: Option<Spanned<Relation>>,
    /// `where ...`.
    pub condition: Option<Expr>,
}

/// `first ... of each child by removed_on`.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// First or last in the order of `by`.
    pub last: bool,
    /// `ever`: pick among all rows, then ask the conditions of the picked row.
    pub ever: bool,
    /// One row for each of these: `child`.
    pub per: Path,
    /// `at each level`: one for each of them and each entity of a level.
    pub each_level: bool,
    /// Order; ties are broken by the table's key.
    pub by: Vec<Path>,
    /// The whole pick.
    pub span: Span,
}

/// How a row's stay lies to a day or to the window.
#[derive(Debug, Clone, PartialEq)]
pub enum Relation {
    /// `open on window.last_day`: `from <= day < until`.
    OpenOn(Box<Expr>),
    /// `overlapping window`: at least one day in common.
    Overlapping(Path),
    /// `covering window`: every day of it.
    Covering(Path),
}

/// A standard with its dates, and the yellow band beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Standard {
    /// Which values are green; `None` of `standard none`, and where each entity has its own.
    pub green: Option<Spanned<Thresholds>>,
    /// `at least goal.target% of each office from goal.from_on`: of each entity its own.
    pub own: Option<Spanned<Box<OwnTarget>>>,
    /// `source "..."`.
    pub source: Option<Text>,
    /// `status inferred`.
    pub status: Option<Name>,
    /// `from 2007-01-01`: first day in force.
    pub from: Option<Spanned<NaiveDate>>,
    /// `until 2014-10-01`: first day no longer in force.
    pub until: Option<Spanned<NaiveDate>>,
    /// `yellow at least 90% { status inferred }`.
    pub yellow: Option<Yellow>,
}

/// Where the targets of entities stand.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnTarget {
    /// Whether it is `at least`, and not `at most`.
    pub at_least: bool,
    /// `goal.target`.
    pub figure: TableColumn,
    /// Whether `%` stands behind it.
    pub percent: bool,
    /// `of each office`: the link to the entities.
    pub each: Name,
    /// `from goal.from_on`.
    pub from: TableColumn,
}

impl OwnTarget {
    /// The words it begins with.
    #[must_use]
    pub fn words(&self) -> &'static str {
        if self.at_least { "at least" } else { "at most" }
    }
}

/// `goal.target`: a column by its table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableColumn {
    /// The table.
    pub table: Name,
    /// The column.
    pub column: Name,
}

/// Which values have a colour.
#[derive(Debug, Clone, PartialEq)]
pub enum Thresholds {
    /// `at least 90%`.
    AtLeast(Spanned<Quantity>),
    /// `at most 9.9%`.
    AtMost(Spanned<Quantity>),
    /// `between 40% and 60%`, both included.
    Between(Spanned<Quantity>, Spanned<Quantity>),
}

impl Thresholds {
    /// The words it is written with.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self {
            Self::AtLeast(_) => "at least",
            Self::AtMost(_) => "at most",
            Self::Between(..) => "between",
        }
    }
}

/// The band between green and red.
#[derive(Debug, Clone, PartialEq)]
pub struct Yellow {
    /// Which values are yellow when they are not green.
    pub line: YellowLine,
    /// The whole of it.
    pub span: Span,
    /// `status inferred`.
    pub status: Option<Name>,
    /// `source "..."`.
    pub source: Option<Text>,
}

/// How a yellow band is written.
#[derive(Debug, Clone, PartialEq)]
pub enum YellowLine {
    /// `yellow at least 81%`.
    Thresholds(Spanned<Thresholds>),
    /// `yellow within 10%`: a share of the way from the standard to the bad end of the scale.
    Within(Spanned<Quantity>),
}

/// A number with its unit, as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The number.
    pub value: f64,
    /// `%` (`"percent"`), a unit word such as `days`, or nothing.
    pub unit: Option<String>,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it is.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `removed_on`, `later.referral.received_on`, `window.start`, `as_of`, or a code such as
    /// `relative`.
    Path(Vec<Name>),
    /// A whole number.
    Int(i64),
    /// A number with a point.
    Decimal(Decimal),
    /// `"text"`.
    Text(String),
    /// `2024-12-31`.
    Date(NaiveDate),
    /// `true` or `false`.
    Bool(bool),
    /// `12 months`.
    Duration(Duration),
    /// `a and b and c`.
    And(Vec<Expr>),
    /// `a or b or c`.
    Or(Vec<Expr>),
    /// `not a`.
    Not(Box<Expr>),
    /// `a before b`, `a = b`.
    Compare { op: Spanned<CompareOp>, left: Box<Expr>, right: Box<Expr> },
    /// `exit_type in permanency`, `setting in { a, b }`, `removed_on in window`; `negated` for `not
    /// in`.
    In { value: Box<Expr>, set: InSet, negated: bool },
    /// `disposition is missing`; `known` for `is known`.
    Missing { value: Box<Expr>, known: bool },
    /// `later is substantiated`: the row is in a named row set.
    IsRows { row: Path, rows: Name },
    /// `stay open on window.start`; without a row, the row at hand.
    Relation { row: Option<Path>, relation: Box<Relation> },
    /// `keeps all rules`, `child keeps all rules`; without a row, the row at hand.
    KeepsRules(Option<Path>),
    /// `some other child.removals as later where ...`.
    Quantified(Box<Quantified>),
    /// `a + b`, `a - b`, `2 * a`.
    Arithmetic { sign: Sign, left: Box<Expr>, right: Box<Expr> },
    /// `if a then b else c`.
    IfElse { condition: Box<Expr>, then: Box<Expr>, otherwise: Box<Expr> },
    /// `earliest of a, b`, `day of a`; `on` is what nothing that can be asked has: a day.
    OfCall { name: Name, args: Vec<Expr>, on: Option<Box<Expr>> },
    /// `days in window`: those of the stay at hand.
    DaysInWindow,
    /// `held elsewhere on a`.
    Elsewhere(Box<Expr>),
    /// `days from a to b`.
    FromTo { unit: Spanned<Unit>, from: Box<Expr>, to: Box<Expr> },
    /// `previous removal of child by removed_on`.
    Beside(Box<Beside>),
}

/// The row before the row at hand, or after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// The row after it.
    pub next: bool,
    /// A table or a named row set.
    pub table: Name,
    /// Both rows have the same of these: `child`.
    pub of: Path,
    /// Their order.
    pub by: Path,
}

/// What follows `in`.
#[derive(Debug, Clone, PartialEq)]
pub enum InSet {
    /// `{ a, b }`.
    Codes(Vec<Name>),
    /// `{ "a", "b" }`, `{ 1, 2 }`, with a name as a path.
    Values(Vec<Expr>),
    /// `permanency` or `window`.
    Named(Path),
}

/// A question about linked rows, or a value made of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantified {
    /// Which question.
    pub kind: Quantifier,
    /// What of each row is summed, told apart or chosen among.
    pub value: Option<Expr>,
    /// `by removed_on`: the order in which one row is the first or the last.
    pub by: Option<Expr>,
    /// The day after the last of a period whose days are counted.
    pub to: Option<Expr>,
    /// `other`: leave out the row at hand.
    pub other: bool,
    /// `child.removals`.
    pub source: Path,
    /// `as later`; needed to speak of the row when both rows have a column of that name.
    pub alias: Option<Name>,
    /// `covering window`.
    pub relation: Option<Spanned<Relation>>,
    /// `where ...`.
    pub condition: Option<Expr>,
    /// `have ...`, for `all`.
    pub have: Option<Expr>,
}

/// The questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one.
    Some,
    /// Not one.
    No,
    /// Every one that passes `where` passes `have`.
    All,
    /// `count P`: how many.
    Count,
    /// `count distinct V among P`: how many different values.
    Distinct,
    /// `sum V among P`.
    Sum,
    /// `earliest V among P`.
    Earliest,
    /// `latest V among P`.
    Latest,
    /// `days in window among P`: days that at least one of the stays covers.
    DaysInWindow,
    /// `days from A to B among P`: such days of another period; A is the value, B is `to`.
    DaysFromTo,
    /// `first V by D among P`: what the row has that is the first in the order of D.
    First,
    /// `last V by D among P`.
    Last,
}

/// Signs of arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
}

impl Sign {
    /// As it is written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
        }
    }
}

/// Comparisons. Words are for days and times, signs for numbers; `=` and `!=` for everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `before`
    Before,
    /// `on or before`
    OnOrBefore,
    /// `after`
    After,
    /// `on or after`
    OnOrAfter,
}
