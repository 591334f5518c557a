//! The words of the language, each once: what it begins, and what it is for.
//!
//! The grammar says where a word may stand; everything else that is known about words is taken from
//! this table: which of them begin a declaration, a clause or a line, which go on with what stands
//! before, what messages propose. A test (`vocabulary/test.rs`) holds the table against the grammar
//! both ways, so a word that is new in the one fails until it is in the other.

use super::grammar::Rule;

#[cfg(test)]
mod test;

/// A word of the language.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// As it is written.
    pub text: &'static str,
    /// What it is for, in one line of plain English.
    pub says: &'static str,
    /// The declaration it begins.
    declares: Option<Rule>,
    /// The other forms it begins.
    begins: &'static [Rule],
    /// Where it stands when it begins none of them.
    stands: Kind,
    /// It goes on with a condition or value, so it begins none.
    stop: bool,
    /// At the start of a line it goes on with the line before.
    goes_on: bool,
    /// Short words look like one another: none is taken for another that is mistyped.
    small: bool,
}

/// Where a word can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It begins a declaration.
    Declaration,
    /// It begins a clause of an indicator.
    Clause,
    /// It begins a line of a table.
    TableLine,
    /// It begins a line of a scorecard.
    ScorecardLine,
    /// It begins a line of a plan.
    PlanLine,
    /// It begins a line of a test.
    TestLine,
    /// It stands in conditions and values.
    Expression,
    /// A unit of time.
    Unit,
    /// The type of a column.
    Type,
    /// It follows another word, or what that word says.
    Inside,
    /// Other languages have it. Here it is read only to say what to write instead.
    Foreign,
}

impl Word {
    /// Every place where the word can stand.
    #[must_use]
    pub fn kinds(&self) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = self.declares.iter().map(|_| Kind::Declaration).collect();
        kinds.extend(self.begins.iter().filter_map(|rule| place(*rule)));
        if kinds.is_empty() || self.stands != Kind::Inside {
            kinds.push(self.stands);
        }
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    const fn stands(mut self, kind: Kind) -> Self {
        self.stands = kind;
        self
    }

    const fn stop(mut self) -> Self {
        self.stop = true;
        self.stands(Kind::Expression)
    }

    const fn goes_on(mut self) -> Self {
        self.goes_on = true;
        self
    }

    const fn small(mut self) -> Self {
        self.small = true;
        self
    }
}

/// The place of what this rule reads, when only words of one kind begin it.
fn place(rule: Rule) -> Option<Kind> {
    const PLACES: &[(Rule, Kind)] = &[
        (Rule::clause, Kind::Clause),
        (Rule::member, Kind::TableLine),
        (Rule::hide, Kind::ScorecardLine),
        (Rule::split, Kind::ScorecardLine),
        (Rule::plan_line, Kind::PlanLine),
        (Rule::test_line, Kind::TestLine),
        (Rule::tail, Kind::Expression),
        (Rule::connective, Kind::Expression),
        (Rule::where_part, Kind::Expression),
        (Rule::unit, Kind::Unit),
    ];
    PLACES.iter().find(|(r, _)| *r == rule).map(|(_, kind)| *kind)
}

/// The word that is written so.
#[must_use]
pub fn find(text: &str) -> Option<&'static Word> {
    WORDS.iter().find(|w| w.text == text)
}

/// The words that can stand in a place, in the order in which a reader should be told them.
pub fn of(kind: Kind) -> impl Iterator<Item = &'static Word> {
    WORDS.iter().filter(move |w| w.kinds().contains(&kind))
}

/// The rule that reads the declaration with this first word.
pub(super) fn declaration(text: &str) -> Option<Rule> {
    find(text)?.declares
}

/// Whether what a declaration with this first word says stands between braces.
pub(super) fn has_braces(text: &str) -> bool {
    matches!(declaration(text), Some(Rule::table | Rule::indicator | Rule::scorecard | Rule::plan | Rule::test))
}

/// The words that begin a declaration.
pub(super) fn declarations() -> impl Iterator<Item = &'static str> {
    WORDS.iter().filter(|w| w.declares.is_some()).map(|w| w.text)
}

/// The words that begin a clause and nothing that goes on with one.
pub(super) fn clauses() -> impl Iterator<Item = &'static str> {
    WORDS.iter().filter(|w| is_clause(w)).map(|w| w.text)
}

/// Whether a clause begins with this word beyond doubt.
pub(super) fn begins_clause(text: &str) -> bool {
    find(text).is_some_and(is_clause)
}

fn is_clause(word: &Word) -> bool {
    word.begins.contains(&Rule::clause) && !word.goes_on
}

/// The words that what this rule reads can begin with.
pub(super) fn first_words(rule: Rule) -> impl Iterator<Item = &'static str> {
    WORDS.iter().filter(move |w| w.begins.contains(&rule) && w.stands != Kind::Foreign).map(|w| w.text)
}

/// Whether a line that begins with this word goes on with the one before.
pub(super) fn goes_on(text: &str) -> bool {
    find(text).is_some_and(|w| w.goes_on)
}

/// Whether the word goes on with a value, so that nothing can be called so where values stand.
pub(super) fn joins(text: &str) -> bool {
    find(text).is_some_and(|w| w.stop || w.goes_on)
}

/// Whether this is one of the short words that look like one another.
pub(super) fn is_small(text: &str) -> bool {
    find(text).is_some_and(|w| w.small)
}

/// Whether this is the type of a column.
pub(super) fn is_type(text: &str) -> bool {
    find(text).is_some_and(|w| w.kinds().contains(&Kind::Type))
}

const fn word(text: &'static str, begins: &'static [Rule], says: &'static str) -> Word {
    let stands = Kind::Inside;
    Word { text, says, declares: None, begins, stands, stop: false, goes_on: false, small: false }
}

const fn declares(text: &'static str, rule: Rule, says: &'static str) -> Word {
    let mut word = word(text, &[], says);
    word.declares = Some(rule);
    word
}

/// All words: those of declarations, clauses and lines first, in the order of the reference.
pub(super) const WORDS: &[Word] = &[
    // Declarations.
    declares("levels", Rule::levels, "the levels of the organization, from the whole to the smallest"),
    declares("domains", Rule::domains, "the groups of a scorecard's columns"),
    declares("dates", Rule::dates, "days that the files use for \"no date\""),
    declares("text", Rule::no_text, "words that the files use for \"nothing is known\"; also the type of a column")
        .stands(Kind::Type),
    declares("headers", Rule::headers, "how the names of columns in the files are compared"),
    declares("quality", Rule::quality, "how many rows may be set aside before an indicator gets no value"),
    Word {
        begins: &[Rule::unit],
        ..declares("business", Rule::business, "which days of the week, and which holidays, `business days` count")
    },
    declares("times", Rule::times, "where the clocks stand that the times in the files show"),
    declares("table", Rule::table, "a table of the case data, with its columns and links"),
    declares("codes", Rule::codes, "a name for some words of a column's list"),
    declares("rows", Rule::rows, "a name for the rows of a table for which a condition is true"),
    declares("define", Rule::define, "a name for a condition or value of a table's rows, used like a column"),
    declares("groups", Rule::groups, "by what results can be broken down"),
    declares("indicator", Rule::indicator, "an indicator: whom it counts, and what it asks of them"),
    declares("scorecard", Rule::scorecard, "which indicators are shown together, by domain"),
    declares("plan", Rule::plan, "what an entity does to move an indicator, and how fast it shall move"),
    declares("test", Rule::test, "rows drawn by hand, and what an indicator must say about them"),
    // Clauses of an indicator.
    word("title", &[Rule::clause], "the name people read"),
    word("tier", &[Rule::clause], "1 for the indicators that are looked at first"),
    word("domain", &[Rule::clause], "the group of the scorecard it belongs to"),
    word("question", &[Rule::clause], "the question it answers, in one sentence"),
    word("reading", &[Rule::clause], "how an unclear source was read here"),
    word(
        "source",
        &[Rule::clause, Rule::origin_part, Rule::wrong_origin],
        "where the definition comes from; in the braces of a standard, where the figure does",
    ),
    word(
        "status",
        &[Rule::clause, Rule::origin_part, Rule::wrong_origin],
        "`published`, `adapted` or `inferred`: how near it is to its source",
    ),
    word("owner", &[Rule::clause], "who answers for it; in a plan's `action`, who answers for that"),
    word("approved", &[Rule::clause], "who has agreed to it, when, and to which definition by its meaning hash"),
    word("meaning", &[], "in `approved by ... as meaning`: the hash that `yardstick check --hash` prints"),
    word("review", &[Rule::clause], "in `review by`: the day by which somebody looks at it again"),
    word("window", &[Rule::clause], "how long a reporting window is"),
    word("lag", &[Rule::clause], "how much longer to wait before a window is shown"),
    word("history", &[Rule::clause], "how far back is far enough where the text looks back without an end"),
    word("let", &[Rule::clause], "a name for a condition or value"),
    word("cohort", &[Rule::clause], "the rows that are looked at"),
    word("exclude", &[Rule::clause], "rows that are taken out, counted under a reason"),
    word("measure", &[Rule::clause], "what is reckoned, when it is no share of rows"),
    word("numerator", &[Rule::clause], "what is asked of each row, or added above the line of a rate"),
    word("denominator", &[Rule::clause], "what each row adds below the line of a rate"),
    word("attribute", &[Rule::clause, Rule::member], "whose row it is, and as of which day"),
    word("standard", &[Rule::clause], "the figure from which on a value is green"),
    word("minimum", &[Rule::clause], "a smaller denominator gets no value"),
    word("without", &[Rule::clause], "what is not taken over from the indicator that this one is like"),
    word(
        "as",
        &[Rule::clause, Rule::test_line, Rule::alias, Rule::read_as, Rule::reading_of],
        "gives a row a name: `placements as own`; also in `as of`, `as it stands`, `as whole number`",
    )
    .stop()
    .goes_on()
    .small(),
    word("it", &[], "in `as it stands`"),
    word("stands", &[], "in `as it stands`: a window is shown when it has ended, provisional until all is known"),
    // Lines of tables.
    word("spans", &[Rule::member, Rule::spans], "the column on which a stay begins, and the one on which it has ended"),
    word("peers", &[Rule::member, Rule::peers], "the column that says which offices, say, are alike enough to compare"),
    word("rule", &[Rule::member, Rule::row_rule], "what must hold of every row, under a name"),
    word("begins", &[Rule::member, Rule::begins], "the day from which on a row is there"),
    word("key", &[Rule::key], "the column that tells the rows apart"),
    word("through", &[Rule::through], "the dated table by which a link goes; in `spans`, to the last day"),
    word("known", &[Rule::known], "with what a column's value is known; also `is known`, `first known of`"),
    word("with", &[], "in `known with`, `begins with`"),
    word("the", &[Rule::the_row], "in `known with the row`"),
    word("row", &[], "in `known with the row`"),
    word("written", &[Rule::written], "how days and times stand in the file"),
    word("otherwise", &[Rule::spelling], "the word of a list that any other text of the file is"),
    word("trimmed", &[Rule::read_as, Rule::reading_of], "blanks around an id, text or code do not matter"),
    word("ignoring", &[Rule::read_as, Rule::reading_of], "in `ignoring case`"),
    word("case", &[], "in `ignoring case`: small letters and capitals do not matter"),
    word("whole", &[], "in `as whole number`"),
    word("number", &[], "in `as whole number`: `007` and `7` are the same id"),
    word("fed", &[], "in `not fed`: the rows of a calendar or schedule are there whatever the day"),
    word("means", &[], "in `missing means not yet`, `dates ... mean missing`"),
    word("missing", &[Rule::not_yet], "nothing is known; also in `missing means not yet`"),
    word("yet", &[], "in `missing means not yet`"),
    // Lines of scorecards.
    word("hide", &[Rule::hide], "in `hide counts under 11`: smaller counts are hidden"),
    word("counts", &[], "in `hide counts under`"),
    word("split", &[Rule::split], "in `split by age`: each value is shown by these groups, too"),
    word("under", &[], "in `hide counts under`"),
    // Lines of plans.
    word("entity", &[Rule::plan_line, Rule::plan_entity], "whose value shall move: a level, and an id of it"),
    word("since", &[Rule::plan_line, Rule::since], "the day from which on something is done differently"),
    word("because", &[Rule::plan_line, Rule::because], "what the plan is an answer to"),
    word("action", &[Rule::plan_line, Rule::action], "what is done"),
    word("due", &[], "in `action`: the day by which it is to be done"),
    word("done", &[], "in `action`: the day on which it was done"),
    // Lines of tests.
    word(
        "expect",
        &[Rule::plan_line, Rule::expected_path, Rule::test_line, Rule::expect],
        "what a window or a row must come to; in a plan, how the value shall move",
    ),
    word("ending", &[Rule::window_ends], "with which months, or on which day, a window ends"),
    word("observable", &[], "in `not observable`: the window is not shown"),
    word("estimable", &[], "in `not estimable`: too few have got there"),
    word("provisional", &[Rule::other_count], "the window is shown before all is known"),
    word("green", &[Rule::other_count, Rule::colour], "the window's value meets the standard"),
    word("red", &[Rule::other_count, Rule::colour], "the window's value is neither green nor yellow"),
    word("colour", &[], "in `no colour`: nothing is judged"),
    word("value", &[], "the measure's value, before `of`"),
    word("met", &[Rule::outcome], "the row is in the numerator"),
    word("unmet", &[Rule::outcome], "the row is in the denominator alone"),
    word("undetermined", &[Rule::outcome], "something that decides the row is not known"),
    word("counted", &[Rule::outcome], "the row's value is in the mean or the percentile"),
    word("excluded", &[Rule::outcome], "an `exclude` took the row out"),
    word("unsure", &[Rule::outcome], "it is not known whether the row belongs"),
    word("held", &[Rule::held_by, Rule::elsewhere], "in `held by`: whose row it is; in `held elsewhere on`"),
    // One-line declarations.
    word("mean", &[], "in `dates ... mean missing`; the kind of measure that averages"),
    word("set", &[], "in `set aside`"),
    word("aside", &[], "in `set aside`: rows that are not sound"),
    word("are", &[], "in `times are local`"),
    word("local", &[], "in `times are local`: what clocks there show"),
    word("to", &[], "to the second of two days or places").goes_on(),
    word("except", &[], "but for the days in this column"),
    word("bands", &[Rule::bands], "the bands of a number or text, in order, each with its name").goes_on(),
    // Windows, picks, measures, standards.
    word("day", &[Rule::window_word, Rule::unit, Rule::day_word], "a day; `day of` a time").stands(Kind::Expression),
    word("weekday", &[Rule::day_word], "`weekday of` a day: one of `monday` to `sunday`").stands(Kind::Expression),
    word("month", &[Rule::window_word, Rule::month_end, Rule::unit, Rule::day_word], "a month; `month of` a day")
        .stands(Kind::Expression),
    word("year", &[Rule::window_word, Rule::year_to_date, Rule::unit, Rule::day_word], "a year; `year of` a day")
        .stands(Kind::Expression),
    word("quarter", &[Rule::window_word], "three months of the calendar; in `every quarter`"),
    word("fiscal", &[Rule::year_to_date], "in `fiscal year to date from July`"),
    word("end", &[], "in `month end`: the last day of a month"),
    word("time", &[], "in `all time`: all that has happened so far"),
    word("every", &[Rule::window_ends], "in `every quarter`: only the windows that end with one").goes_on(),
    word("hours", &[Rule::unit], "hours; the type of a column").stands(Kind::Type),
    word("hour", &[Rule::unit], "an hour"),
    word("minutes", &[Rule::unit], "minutes; the type of a column").stands(Kind::Type),
    word("minute", &[Rule::unit], "a minute"),
    word("days", &[Rule::unit, Rule::days_in], "days; the length of a stay; the type of a column").stands(Kind::Type),
    word("weeks", &[Rule::unit], "weeks"),
    word("week", &[Rule::window_word, Rule::unit], "a week"),
    word("months", &[Rule::unit], "months; the type of a column").stands(Kind::Type),
    word("years", &[Rule::unit], "years; the type of a column").stands(Kind::Type),
    word(
        "first",
        &[Rule::pick, Rule::of_name, Rule::among_order],
        "the first row of each, or what the first of several rows has; in `first known of`",
    )
    .small(),
    word("last", &[Rule::pick, Rule::among_order], "the last row of each, or what the last of several rows has")
        .small(),
    word("ever", &[], "in `first ever`: pick among all rows, then ask"),
    word("of", &[Rule::pick_of, Rule::words_of], "joins a word to what it is about").goes_on().small(),
    word("each", &[], "in `of each`, `at each level`"),
    word("level", &[], "in `at each level`"),
    word("by", &[], "in which order, by when, or by whom").goes_on().small(),
    word("rate", &[Rule::rate], "events per so many days, or per so much of anything"),
    word("proportion", &[], "met rows of all rows, or one sum of another, in percent"),
    word("per", &[], "in `rate per`"),
    word("median", &[Rule::percentile_of], "the value that half of the rows do not exceed"),
    word("percentile", &[Rule::percentile_of], "the value that so many of 100 rows do not exceed"),
    word("incidence", &[Rule::incidence], "the percentage that has ended so by then"),
    word("censored", &[], "until when a row was watched for which it has not happened yet").goes_on(),
    word("share", &[Rule::share_of_window], "in `share of window`"),
    word("cases", &[], "rows of the denominator"),
    word(
        "at",
        &[Rule::direction, Rule::each_level],
        "on which day, and in `groups` that day; in `at least`, `at most`",
    )
    .stop()
    .goes_on()
    .small(),
    word("least", &[], "in `at least`"),
    word("most", &[], "in `at most`"),
    word("percent", &[], "the sign `%` as a word"),
    word(
        "from",
        &[Rule::in_force, Rule::standard_part, Rule::file, Rule::id_file, Rule::joined],
        "from this day, or from this file or column",
    )
    .goes_on(),
    word("until", &[Rule::no_longer, Rule::standard_part], "up to this day, which is the first that no longer counts")
        .goes_on(),
    word("none", &[], "in `standard none`: no value has a colour"),
    word(
        "yellow",
        &[Rule::yellow, Rule::other_count, Rule::colour],
        "the figure from which on a value that is not green is yellow",
    )
    .goes_on(),
    word("within", &[Rule::within], "in `yellow within 10%`: of the way from the standard to the bad end"),
    word("sheet", &[Rule::sheet], "the sheet of a workbook in which a table stands"),
    word("published", &[], "the source says so itself"),
    word("adapted", &[], "the source says so of something near"),
    word("inferred", &[], "nobody has published it"),
    // Conditions and values.
    word("and", &[Rule::connective], "both are true").stop().goes_on().small(),
    word("or", &[Rule::connective], "one of the two is true, or both").stop().goes_on().small(),
    word("not", &[Rule::not_fed, Rule::negation, Rule::in_, Rule::tail, Rule::outcome], "it is not true")
        .stop()
        .goes_on()
        .small(),
    word("before", &[Rule::tail, Rule::compare_op], "the day is an earlier one").stop().goes_on(),
    word("after", &[Rule::tail, Rule::compare_op], "the day is a later one").stop().goes_on(),
    word("on", &[Rule::tail, Rule::compare_op], "on this day; in `on or before`, `on or after`")
        .stop()
        .goes_on()
        .small(),
    word("in", &[Rule::tail, Rule::in_], "one of these words, or a day of this window").stop().goes_on().small(),
    word("is", &[Rule::tail, Rule::is], "is missing, is known, or is one of the named rows").stop().goes_on().small(),
    word("open", &[Rule::tail, Rule::relation, Rule::open_on], "the stay has begun by this day and has not ended")
        .goes_on(),
    word("overlapping", &[Rule::tail, Rule::relation, Rule::overlapping], "the two have a day in common").stop(),
    word("covering", &[Rule::tail, Rule::relation, Rule::covering], "the stay is open on every day of it").stop(),
    word("keeps", &[Rule::tail, Rule::keeps], "in `keeps all rules`: every `rule` of the row's table is true"),
    word("rules", &[], "in `keeps all rules`"),
    word("elsewhere", &[], "in `held elsewhere on`: another holds the row on this day, or nobody"),
    word("where", &[Rule::where_part], "of these, the ones for which it is true").stop().goes_on(),
    word("have", &[Rule::have_part], "what must be true of `all`").stop().goes_on(),
    word("if", &[Rule::if_else], "chooses between values by a condition").stands(Kind::Expression),
    word("then", &[], "the value when the condition of `if` is true").stop().goes_on(),
    word("else", &[], "the value when the condition of `if` is false").stop().goes_on(),
    word("all", &[Rule::quantified, Rule::all_time], "it is true of every one").goes_on().small(),
    word("some", &[Rule::quantified], "there is one").goes_on().small(),
    word("no", &[Rule::quantified, Rule::other_count, Rule::colour], "there is none").goes_on().small(),
    word("other", &[], "not the row itself").small(),
    word("among", &[], "the rows that are counted or added up").stop().goes_on(),
    word("distinct", &[Rule::only_distinct], "what is the same counts once"),
    word("count", &[Rule::among_count, Rule::counting], "how many there are").stands(Kind::Expression),
    word("sum", &[Rule::among_value], "all of them together").stands(Kind::Expression),
    word("earliest", &[Rule::among_value], "the earliest day").stands(Kind::Expression),
    word("latest", &[Rule::among_value], "the latest day").stands(Kind::Expression),
    word("previous", &[Rule::beside], "the row before this one, of the same table").stands(Kind::Expression),
    word("next", &[Rule::beside], "the row after this one, of the same table").stands(Kind::Expression),
    word("as_of", &[], "the day as of which the numbers are drawn").stands(Kind::Expression),
    // Types of columns that are no words of the grammar.
    word("date", &[], "a day; in `year to date`").stands(Kind::Type),
    word("timestamp", &[], "a day and the time of day").stands(Kind::Type),
    word("bool", &[], "true or false").stands(Kind::Type),
    word("int", &[], "a whole number").stands(Kind::Type),
    word("decimal", &[], "a number with digits after the point").stands(Kind::Type),
    // Words of other languages.
    word("between", &[Rule::tail, Rule::range], "a standard's range; of days write `on or after` and `on or before`")
        .stands(Kind::Foreign),
    word("like", &[Rule::tail, Rule::variant_of], "in `indicator b like a`: takes over the clauses of another")
        .stands(Kind::Inside),
];
