//! A stable text form of the IR: row variables and locals are numbered, not named. The meaning hash
//! is computed from it.
//!
//! The text holds everything that can change a number or a colour, and nothing else: the definition
//! without its words, and the part of the model on which the definition depends (whole tables,
//! because a row is set aside for any of its columns).

use super::measure::Exposure;
use super::reads;
use super::{
    Ask, Cohort, CompareOp, Expr, ExprKind, Followed, Indicator, Measure, OwnStandard, Period, RowId, Standard,
    Thresholds, Ty, WindowLength, WindowPoint,
};
use crate::decimal::Decimal;
use crate::model::{Column, ColumnId, ColumnType, Encoding, Known, Model, Step, Table, TableId, Targets, Times};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The meaning hash: the first 16 hexadecimal digits of the BLAKE3 hash of [`canonical`].
#[must_use]
pub fn meaning(model: &Model, indicator: &Indicator) -> String {
    let hash = blake3::hash(canonical(model, indicator).as_bytes());
    hash.to_hex().chars().take(16).collect()
}

/// The whole canonical text: the definition and the part of the model on which it depends.
#[must_use]
pub fn canonical(model: &Model, indicator: &Indicator) -> String {
    let mut text = definition(model, indicator);
    text.push_str(&world(model, indicator));
    text
}

/// The definition alone, a clause a line.
#[must_use]
pub fn definition(model: &Model, indicator: &Indicator) -> String {
    let mut p = Printer::of(model, indicator);
    let mut lines = vec![
        format!("window {}", window(indicator)),
        format!("follow-up {}", indicator.follow_up.map_or_else(|| "without an end".to_owned(), period)),
        format!("lag {}", period(indicator.lag)),
    ];
    lines.extend(indicator.history.map(|history| format!("history {}", period(history))));
    lines.extend(indicator.as_it_stands.then(|| "as it stands".to_owned()));
    lines.extend(p.cohort(&indicator.cohort));
    for exclusion in &indicator.exclusions {
        lines.push(format!("exclude {}", p.expr(&exclusion.condition)));
    }
    lines.push(p.measure(&indicator.measure));
    let attribution = &indicator.attribution;
    let steps = p.steps(indicator.cohort.table, &attribution.steps);
    lines.push(format!("attribute {steps} level {} at {}", attribution.level, p.expr(&attribution.at)));
    lines.extend(indicator.standards.iter().filter_map(standard));
    lines.extend(indicator.own_standards.iter().map(|own| own_standard(model, own)));
    lines.extend(indicator.minimum.map(|n| format!("minimum {n}")));
    for values in indicator.split.iter().flat_map(|split| &split.by) {
        lines.push(p.list("groups", values));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// The rows that an indicator is about before any are excluded: equal when, and only when, they are
/// picked by the same conditions from the same table in the same windows.
#[must_use]
pub fn population(model: &Model, indicator: &Indicator) -> String {
    let mut lines = vec![format!("window {}", window(indicator))];
    lines.extend(Printer::of(model, indicator).cohort(&indicator.cohort));
    lines.join("\n")
}

fn window(indicator: &Indicator) -> String {
    let length = match indicator.window {
        WindowLength::Day => "one day".into(),
        WindowLength::Week => "one week".into(),
        WindowLength::Months(n) => format!("{n} months"),
        WindowLength::YearToDate(first) => format!("year to date from month {first}"),
        WindowLength::AllTime => "all time".into(),
    };
    if indicator.ends.are_all() {
        return length;
    }
    let months: Vec<_> = indicator.ends.months().map(|month| month.to_string()).collect();
    format!("{length} ending in months {}", months.join(" "))
}

fn period(p: Period) -> String {
    format!("{} months {} days", p.months, p.days)
}

/// The ends of the bands, however they are written; nothing of `standard none`, which changes no
/// colour.
fn standard(s: &Standard) -> Option<String> {
    let green = s.green?;
    let day = |d: Option<chrono::NaiveDate>| d.map_or_else(|| "always".to_string(), |d| d.to_string());
    let words = match (green.least, green.most) {
        (Some(_), Some(_)) => "between",
        (Some(_), None) => "at least",
        (None, _) => "at most",
    };
    let ends = |thresholds: Thresholds| thresholds.ends().map(|end| end.to_string()).collect::<Vec<_>>().join(" and ");
    let yellow = s.yellow.map_or_else(|| "none".to_string(), ends);
    Some(format!("standard {words} {} yellow {yellow} from {} until {}", ends(green), day(s.from), day(s.until)))
}

/// Which columns hold the targets, and what is made of them.
fn own_standard(model: &Model, own: &OwnStandard) -> String {
    let table = model.table(own.targets.table);
    let words = if own.at_least { "at least" } else { "at most" };
    let column = |id: ColumnId| &table.column(id).name;
    let yellow = own.within.map_or_else(|| "none".to_owned(), share);
    let Targets { entity, from, figure, .. } = own.targets;
    let (figure, entity, from) = (column(figure), column(entity), column(from));
    format!("standard {words} {}.{figure} of each {entity} from {from} yellow within {yellow}", table.name)
}

/// A decimal without the zeros that it ends with: `10.0` as `10`.
fn share(share: Decimal) -> String {
    let text = share.to_string();
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The part of the model that can change the indicator's numbers.
fn world(model: &Model, indicator: &Indicator) -> String {
    let mut text = String::new();
    for id in reads::with_targets(model, indicator) {
        text.push_str(&table(model, model.table(id)));
    }
    for level in &model.levels {
        let up = match (level.table, level.up) {
            (Some(table), Some(step)) => {
                Printer { model, tables: BTreeMap::new(), numbers: BTreeMap::new() }.steps(table, &[step])
            }
            _ => "the whole".into(),
        };
        let _ = writeln!(text, "level {} up {up}", level.name);
    }
    for date in &model.missing_dates {
        let _ = writeln!(text, "missing {date}");
    }
    for word in &model.missing_words {
        let _ = writeln!(text, "missing {word:?}");
    }
    if model.headers_ignore_case {
        text.push_str("headers ignoring case\n");
    }
    if let Some(times) = times(model, indicator) {
        let _ = writeln!(text, "{times}");
    }
    if let Some(business) = &model.business
        && reads::business_days(indicator)
    {
        let days: String = business.weekdays.iter().map(|is| if *is { 'x' } else { '-' }).collect();
        let except = business.except.map(|(t, c)| (&model.table(t).name, &model.table(t).column(c).name));
        let _ = writeln!(text, "business {days} except {except:?}");
    }
    if let Some(share) = model.quality {
        let _ = writeln!(text, "quality {share}");
    }
    text
}

/// Where times are local, when a table that is read has days or times.
fn times(model: &Model, indicator: &Indicator) -> Option<String> {
    let has_some =
        |id| model.table(id).columns.iter().any(|c| matches!(c.ty, ColumnType::Date | ColumnType::Timestamp));
    let said = match &model.times {
        Times::Undeclared => return None,
        Times::Local => "times local".to_owned(),
        Times::LocalTo(thresholds) => format!("times local to {}", thresholds.name()),
    };
    reads::with_targets(model, indicator).into_iter().any(has_some).then_some(said)
}

fn table(model: &Model, table: &Table) -> String {
    if let Some((of, column)) = table.words_of {
        let of = model.table(of);
        return format!("table {} of {}.{}\n", table.name, of.name, of.column(column).name);
    }
    let mut text = String::new();
    let sheet = table.sheet.as_ref().map(|sheet| format!(" sheet {sheet:?}")).unwrap_or_default();
    let encoding = match table.encoding {
        Encoding::Utf8 => "",
        Encoding::Windows1252 => " in windows-1252",
    };
    let _ = writeln!(text, "table {} file {:?}{sheet}{encoding}", table.name, table.file);
    for column in &table.columns {
        let ty = match &column.ty {
            ColumnType::Key => "key".to_string(),
            ColumnType::Link(target) => format!("-> {}", model.table(*target).name),
            ColumnType::Text => "text".into(),
            ColumnType::Bool if column.spellings.is_plain() => "bool".into(),
            ColumnType::Bool => format!("bool {}", spelled(column)),
            ColumnType::Int => match column.counted {
                None => "int".into(),
                Some(unit) => unit.word().into(),
            },
            ColumnType::Decimal(digits) => format!("decimal({}, {})", digits.all, digits.after),
            ColumnType::Date => "date".into(),
            ColumnType::Timestamp => "timestamp".into(),
            ColumnType::Codes(words) if column.spellings.is_plain() => format!("{{ {} }}", words.join(", ")),
            ColumnType::Codes(_) => spelled(column),
        };
        let optional = match (column.optional, column.not_yet) {
            (false, _) => "",
            (true, false) => "?",
            (true, true) => "? not yet",
        };
        let known = match column.known {
            Known::WithRow => String::new(),
            Known::OwnDay => " known when it comes".to_owned(),
            Known::With(day) => format!(" known with {}", table.column(day).name),
        };
        let forms = column.forms.iter().map(|form| format!(" written {:?}", form.text())).collect::<String>();
        let read_as = match column.read_as.words().as_str() {
            "" => String::new(),
            words => format!(" {words}"),
        };
        let from = match column.joined {
            None => column.file_names().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(" and "),
            Some(joined) => {
                let other = model.table(joined.table);
                let [via, column] = [joined.via, joined.column].map(|id| &other.column(id).name);
                format!("{}.{column} by {via}", other.name)
            }
        };
        let _ = writeln!(text, "  {} {ty}{optional}{known}{forms}{read_as} from {from}", column.name);
    }
    if let Some(begins) = table.begins {
        let _ = writeln!(text, "  begins on {}", table.column(begins).name);
    }
    if let Some(with) = table.begins_with {
        let _ = writeln!(text, "  begins with {}", table.column(with).name);
    }
    if !table.fed {
        text.push_str("  not fed\n");
    }
    if table.distinct {
        text.push_str("  distinct\n");
    }
    if let Some(spans) = table.spans {
        let to = if spans.through { "through" } else { "until" };
        let _ = writeln!(text, "  spans {} {to} {}", table.column(spans.from).name, table.column(spans.until).name);
    }
    for link in &table.dated {
        let through = model.table(link.through);
        let (owner, value) = (&through.column(link.owner).name, &through.column(link.value).name);
        let _ = writeln!(text, "  {} through {} {owner} {value}", link.name, through.name);
    }
    text
}

/// The words of a column with what the files have for them.
fn spelled(column: &Column) -> String {
    let words = column.ty.spelled_words().unwrap_or_default();
    let one = |(place, word): (usize, &&str)| {
        let mut texts: Vec<String> = column.spellings.of(place).map(|text| format!(" {text:?}")).collect();
        texts.sort();
        let texts = texts.concat();
        let rest = if column.spellings.otherwise() == Some(place) { " otherwise" } else { "" };
        format!("{word}{texts}{rest}")
    };
    format!("{{ {} }}", words.iter().enumerate().map(one).collect::<Vec<_>>().join(", "))
}

struct Printer<'a> {
    model: &'a Model,
    tables: BTreeMap<RowId, TableId>,
    /// Row variables in the order of their first use.
    numbers: BTreeMap<RowId, usize>,
}

impl<'a> Printer<'a> {
    fn of(model: &'a Model, indicator: &Indicator) -> Self {
        Self { model, tables: reads::row_tables(indicator), numbers: BTreeMap::new() }
    }

    fn cohort(&mut self, cohort: &Cohort) -> Vec<String> {
        let mut lines = vec![format!("cohort {}", self.table(cohort.table))];
        if let Some(pick) = &cohort.pick {
            let end = if pick.last { "last" } else { "first" };
            let ever = if pick.ever { " ever" } else { "" };
            let each = if pick.each_level { " at each level" } else { "" };
            let per = self.reached(RowId::COHORT, &pick.per);
            let by: Vec<_> = pick.by.iter().map(|e| self.expr(e)).collect();
            lines.push(format!("pick {end}{ever} of {per}{each} by {}", by.join(" ")));
        }
        lines.push(format!("where {}", self.expr(&cohort.condition)));
        lines
    }

    fn table(&self, id: TableId) -> &str {
        &self.model.table(id).name
    }

    fn row(&mut self, row: RowId) -> String {
        if let Some(level) = row.holds() {
            return format!("holder:{}", self.table(level));
        }
        let next = self.numbers.len();
        format!("#{}", self.numbers.entry(row).or_insert(next))
    }

    /// A row variable followed by links: `#0.child`.
    fn reached(&mut self, row: RowId, links: &[ColumnId]) -> String {
        let mut text = self.row(row);
        let mut table = self.tables.get(&row).copied();
        for link in links {
            text.push('.');
            table = self.push_column(&mut text, table, *link);
        }
        text
    }

    fn push_column(&self, text: &mut String, table: Option<TableId>, column: ColumnId) -> Option<TableId> {
        let declared = self.model.table(table?).column(column);
        text.push_str(&declared.name);
        declared.target()
    }

    fn column(&mut self, row: RowId, links: &[ColumnId], column: ColumnId) -> String {
        let mut all = links.to_vec();
        all.push(column);
        self.reached(row, &all)
    }

    fn steps(&mut self, from: TableId, steps: &[Step]) -> String {
        let mut table = self.model.table(from);
        let mut names = Vec::new();
        for step in steps {
            let (name, target) = match step {
                Step::Link(column) => {
                    let column = table.column(*column);
                    let Some(target) = column.leads_to() else { break };
                    (&column.name, target)
                }
                Step::Dated(i) => (&table.dated[*i].name, table.dated[*i].target),
            };
            names.push(name.as_str());
            table = self.model.table(target);
        }
        names.join(".")
    }

    /// The meaning hash stands on these words: they never change.
    fn measure(&mut self, measure: &Measure) -> String {
        match measure {
            Measure::Proportion(of) => format!("numerator {}", self.expr(&of.numerator)),
            Measure::Rate(of) => {
                let unit = match &of.unit {
                    Exposure::OfWindow => "share of window".to_owned(),
                    Exposure::Events => "the same".to_owned(),
                    Exposure::Time(_) | Exposure::Named(_) => of.unit.to_string(),
                };
                format!("rate per {} {unit}: {} over {}", of.per, self.expr(&of.events), self.expr(&of.exposure))
            }
            Measure::Count(of) => format!("count {}", self.expr(&of.events)),
            Measure::Distinct(of) => format!("count distinct {}", self.expr(&of.of)),
            Measure::Mean(of) => format!("mean {}", self.expr(&of.of)),
            Measure::Percentile(of) if of.percent == 50 => format!("median {}", self.expr(&of.of)),
            Measure::Percentile(of) => format!("percentile {} {}", of.percent, self.expr(&of.of)),
            Measure::Until(of) => {
                format!("until {} {} {}", of.percent, of.unit.word(), self.followed(&of.rows))
            }
            Measure::Incidence(of) => {
                format!("incidence {} by {} {}", self.expr(&of.of), period(of.by), self.followed(&of.rows))
            }
        }
    }

    fn followed(&mut self, rows: &Followed) -> String {
        format!("{} {} censored {}", self.expr(&rows.from), self.expr(&rows.to), self.expr(&rows.censor))
    }

    fn list(&mut self, word: &str, of: &[Expr]) -> String {
        let parts: Vec<_> = of.iter().map(|e| self.expr(e)).collect();
        format!("({word} {})", parts.join(" "))
    }

    fn pair(&mut self, word: &str, a: &Expr, b: &Expr) -> String {
        format!("({word} {} {})", self.expr(a), self.expr(b))
    }

    fn code(&self, ty: Ty, index: u16) -> String {
        let Ty::Code(list) = ty else { return index.to_string() };
        list.word(self.model, index).unwrap_or_default().to_owned()
    }

    fn expr(&mut self, e: &Expr) -> String {
        match &e.kind {
            ExprKind::Bool(truth) => truth.to_string(),
            ExprKind::Int(n) => e.ty.written(*n),
            ExprKind::Text(text) => format!("{text:?}"),
            ExprKind::Date(date) => date.to_string(),
            ExprKind::Code(i) => self.code(e.ty, *i),
            ExprKind::Window(WindowPoint::Start) => "window.start".into(),
            ExprKind::Window(WindowPoint::End) => "window.end".into(),
            ExprKind::Window(WindowPoint::LastDay) => "window.last_day".into(),
            ExprKind::AsOf => "as_of".into(),
            ExprKind::Column { row, links, column } => {
                let end = match e.missing {
                    super::Missing::Never => "",
                    super::Missing::Unknown => "?",
                    super::Missing::OpenEnd => "..",
                };
                format!("{}{end}", self.column(*row, links, *column))
            }
            ExprKind::Row { row, links } => self.reached(*row, links),
            ExprKind::And(of) => self.list("and", of),
            ExprKind::Or(of) => self.list("or", of),
            ExprKind::Not(inner) => format!("(not {})", self.expr(inner)),
            ExprKind::Compare { op, left, right } => self.pair(sign(*op), left, right),
            ExprKind::InCodes { value, codes } => {
                let words: Vec<_> = codes.iter().map(|c| self.code(value.ty, *c)).collect();
                format!("(in {} {})", self.expr(value), words.join(" "))
            }
            ExprKind::InWindow(date) => format!("(in-window {})", self.expr(date)),
            ExprKind::IsMissing(value) => format!("(missing {})", self.expr(value)),
            ExprKind::Shift { date, months, days, minutes } => {
                // Hours where they are whole, so that a text means what it meant before there were
                // minutes.
                let clock = if minutes % 60 == 0 { format!("{}h", minutes / 60) } else { format!("{minutes}min") };
                format!("(shift {} {months}m {days}d {clock})", self.expr(date))
            }
            ExprKind::BusinessDay { date, days } => format!("(business {} {days})", self.expr(date)),
            ExprKind::Move { date, by, back } => {
                let (word, unit) = (if *back { "back" } else { "move" }, by.ty.moves_by());
                format!("({word} {} {} {unit})", self.expr(date), self.expr(by))
            }
            ExprKind::Call { function, of } => self.list(function.canonical(), of),
            ExprKind::Elsewhere(day) => format!("(elsewhere {})", self.expr(day)),
            ExprKind::Linked(q) => self.some(q),
        }
    }

    fn some(&mut self, q: &super::LinkedQuery) -> String {
        let owner = q.via.map(|_| self.reached(q.owner, &q.owner_links));
        let other = q.other_than.map(|r| format!(" other-than {}", self.row(r))).unwrap_or_default();
        let row = self.row(q.row);
        let table = self.model.table(q.table);
        let whose = match q.via.zip(owner) {
            Some((via, owner)) => format!("{} {owner}", table.column(via).name),
            None => "all".to_owned(),
        };
        let name = table.name.clone();
        let ask = self.ask(&q.ask);
        format!("({ask} {row} {name} {whose}{other} {})", self.expr(&q.condition))
    }

    fn ask(&mut self, ask: &Ask) -> String {
        let word = match ask {
            Ask::Exists => "some",
            Ask::Count => "count",
            Ask::Distinct(_) => "distinct",
            Ask::Sum(_) => "sum",
            Ask::Earliest(_) => "earliest-of",
            Ask::Latest(_) => "latest-of",
            Ask::Ordered { last: false, .. } => "first-by",
            Ask::Ordered { last: true, .. } => "last-by",
            Ask::Days { .. } => "days-of",
        };
        let values: Vec<String> = ask.values().into_iter().map(|e| format!(" {}", self.expr(e))).collect();
        format!("{word}{}", values.concat())
    }
}

fn sign(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "=",
        CompareOp::Ne => "!=",
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
    }
}
