//! Generated worlds: a model as text, and files of rows for it, messes included.

use crate::oracle::Raw;
use crate::oracle::instant;
use chrono::{
    DateTime, Days, FixedOffset, MappedLocalTime, Months, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat,
    TimeDelta, TimeZone,
};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::fmt::Write;
use yardstick::model::{Column, ColumnId, ColumnType, Joined, Known, Model, Table, TableId, composite_id};

/// Days on which clocks are changed, in spring and in autumn.
const CHANGES: [(&str, [&str; 2]); 2] =
    [("America/Los_Angeles", ["2023-03-12", "2023-11-05"]), ("Australia/Lord_Howe", ["2023-04-02", "2023-10-01"])];

/// What models say of times. These zones change their clocks on the same days of the week in all
/// years that are drawn.
const TIMES: [&str; 5] = [
    "",
    "\ntimes are local",
    "\ntimes are local to America/Los_Angeles",
    "\ntimes are local to Asia/Kolkata",
    "\ntimes are local to Australia/Lord_Howe",
];

/// One of a family of models: more or fewer levels, links dated or plain, columns optional or not.
pub(crate) fn model(rng: &mut ChaCha8Rng) -> String {
    // A draw of its own leaves all others as they are.
    let nothing = ["", "", "\ntext \"NULL\", \"\\N\" mean missing", "\ntext \"n/a\" mean missing"];
    let nothing = *nothing.choose(&mut rng.clone()).unwrap();
    let times = *TIMES.choose(&mut rng.clone()).unwrap();
    // How the files are written changes nothing that is read of them.
    let mut written = rng.clone();
    written.random::<u64>();
    let mut how = |of: &[&'static str]| *of.choose(&mut written).unwrap();
    let [born, ended] = [(); 2].map(|()| {
        how(&["", "", " written \"dd/mm/yyyy\"", " written \"m/d/yyyy\" or \"yyyy-mm-dd\"", " written \"ddmonyyyy\""])
    });
    let at_time = how(&["", "", " written \"dd.mm.yyyy HH:MM:SS\"", " written \"m/d/yyyy H:MM:SS AM\""]);
    let agent_key = how(&["", "", " trimmed", " ignoring case", " trimmed, ignoring case"]);
    let client_key = how(&["", "", " trimmed", " as whole number, trimmed"]);
    let to_client = how(&["", " trimmed"]);
    let words = how(&["", "", " ignoring case", " trimmed, ignoring case"]);
    let note = how(&["", "", " trimmed", " ignoring case"]);
    let distinct = how(&["", " distinct"]);
    let headers = how(&["", "", "\nheaders ignoring case"]);
    let colours = how(&[
        "{ red, green, blue }",
        "{ red \"R\" \"1\", green, blue \"not at all\" }",
        "{ red \"Ro\", green \"4G\" \"G\", blue otherwise }",
    ]);
    let ways = how(&[
        "{ home, moved, lost }",
        "{ home \"E4\" \"E4A\", moved \"01\", lost \"gone\" otherwise }",
        "{ home otherwise, moved, lost \"X\" }",
    ]);
    let flags = how(&["", "", " { true \"Y\" \"1\", false \"N\" }", " { true \"J\", false otherwise }"]);
    let [led, stayed, kept] = [(); 3].map(|()| how(&["until", "until", "through"]));
    let worded = how(&["plain", "plain", "plain", "plain", "of words"]);
    let groups = super::groups::groups(rng.clone());
    // The same names, said in the table or outside of it.
    let [happened, told_by] =
        [("event", "happened", "day of at_time"), ("mark", "told", "first known of seen, event.happened")];
    let [happened, told_by] = [happened, told_by].map(|(table, name, value)| match how(&["in it", "outside"]) {
        "in it" => [format!("\n  {name} = {value}"), String::new()],
        _ => [String::new(), format!("\ndefine {name} of {table} = {value}")],
    });
    let [[happened, define_happened], [told_by, define_told]] = [happened, told_by];
    let joined = how(&["in its file", "in its file", "joined"]);
    // Ids of one column, and of several.
    let made_of = |columns: [&'static str; 2], parts: &str| match parts {
        "of two" => columns.map(|link| format!(" from \"{link}_a\" and \"{link}_b\"")),
        _ => [String::new(), String::new()],
    };
    let [team_key, to_team] = made_of(["team", "its"], how(&["of one", "of two"]));
    let [event_key, to_event] = made_of(["event", "of"], how(&["of one", "of two"]));
    let levels = ["whole > region > team > agent", "whole > team > agent", "whole > region > team > agent"];
    let mut pick = |of: &[&str]| -> String { (*of.choose(rng).unwrap()).to_owned() };
    let levels = pick(&levels);
    let levels = match worded {
        "of words" => "whole > grade > agent\n\ntable grade \"a grade\" of agent.grade".to_owned(),
        _ => levels,
    };
    let region = if levels.contains("region") { "\n  region -> region" } else { "" };
    let team =
        pick(&["team -> team through agent_team", "team -> team through agent_team", "team -> team", "team -> team?"]);
    let team = if team.contains("through") { team } else { team + &to_team };
    let agent = pick(&["agent -> agent through holding", "agent -> agent through holding", "agent -> agent?"]);
    let (kind, ends, whose) = (pick(&["", "?"]), pick(&["?", "?", ""]), pick(&["", "?"]));
    let held = pick(&["", "", "?"]);
    let not_yet = [(); 2].map(|()| pick(&["", " missing means not yet"]));
    let [checked, answered] = not_yet;
    let way = pick(&["", " known with ended", " known with ended", " known with the row"]);
    let paid = pick(&["", " known with checked", " known with the row"]);
    let verdict = pick(&["", " known with seen"]);
    let told = pick(&["", "\n  begins with event"]);
    let closed = pick(&["", " not fed"]);
    let begins = pick(&["", "\n  begins on at_time"]);
    // The end of a stay may stand in a file of its own.
    let ended_in = match ends.as_str() {
        "?" if joined == "joined" => "? from leaving.left_on".to_owned(),
        _ => format!("{ends}{ended}"),
    };
    format!(
        r#"levels {levels}
domains only "Only"
dates 9999-12-31, 0001-01-01 mean missing{nothing}{times}{headers}

business days monday to friday except closed.day

table closed{closed} {{
  day        date
}}
table region {{
  region_id  key
  name       text
}}
table team {{
  team_id    key{team_key}{region}
  name       text?
}}
table agent {{
  agent_id   key{agent_key}
  started    date
  gone       date?
  grade      {{ junior, senior, chief }}?
  {team}
  held       <- holding
  spans      started until gone
}}
table agent_team{distinct} {{
  agent      -> agent
  team       -> team{to_team}
  joined     date
  left_on    date?
  spans      joined {led} left_on
}}
table client {{
  client_id  key{client_key}
  born       date{born}
  size       int?
  every      months?
  colour     {colours}{kind}{words}
  parent     -> client?
  {agent}
  children   <- client
  stays      <- stay
  events     <- event
  marks      <- mark
  pairs      <- pair.client
  rule sound_stays "all stays are sound" all stays as one have one keeps all rules
}}
table holding {{
  client     -> client
  agent      -> agent{held}
  taken      date
  given      date?
  spans      taken {kept} given
}}
table pair{distinct} {{
  client     -> client{to_client}
  friend     -> client
}}
table stay {{
  stay_id    key
  client     -> client
  began      date
  ended      date{ended_in}
  way        {ways}?{way}
  checked    date?{checked}
  paid       bool{flags}?{paid}
  parts      <- part
  spans      began {stayed} ended
  rule in_order "not before the birth" began on or after client.born
  rule apart "one at a time" no other client.stays as beside where beside.began before ended and began before beside.ended
  rule way_or_unpaid "known or unpaid" way is known or paid is missing
}}
table part {{
  part_id    key
  stay       -> stay
  opened     date
  closed     date?
  mode       {{ inn, hall, tent }}
  spans      opened until closed
  rule inside "inside the stay" opened on or after stay.began and not closed after stay.ended
}}
table leaving {{
  stay       -> stay
  left_on    date{ended}
}}
table event {{
  event_id   key{event_key}
  at_time    timestamp{at_time}
  client     -> client{whose}
  agent      -> agent?
  worth      int?
  cost       decimal(6, 2)?
  fee        decimal(3, 1)
  answered   timestamp?{answered}{happened}{begins}
  marks      <- mark
  rule answered_later "not before it was asked" answered on or after at_time
}}
table mark {{
  mark_id    key
  event      -> event{to_event}
  client     -> client
  verdict    {{ proven, doubtful, refuted }}?{verdict}
  seen       date?
  note       text?{note}{told_by}{told}
  rule seen_later "not before the event" seen on or after event.happened
}}
codes gone_away = {{ moved, lost }}
rows  good_mark = mark where verdict = proven
rows  late_mark = mark where seen after event.happened{define_happened}{define_told}
define recent        of event  = happened in window
define grown         of client = born before window.last_day - 18 years
define length_so_far of stay   = days from began to earliest of ended, as_of
define is_long       of stay   = length_so_far > 30 days
define goes_on       of stay   = ended is missing or some parts as last where last.closed after as_of
define stay_before   of stay   = previous stay of client by began
define stay_after    of stay   = next stay of client by began
define event_before  of event  = previous event of client by happened
define event_after   of event  = next event of client by at_time
define part_before   of part   = previous part of stay by closed
define proven_lately of mark   = verdict = proven and event.recent
{groups}"#
    )
}

/// The files of one world.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Files {
    pub(crate) as_of: NaiveDate,
    pub(crate) tables: BTreeMap<TableId, Raw>,
}

/// Populations that know nothing of each other, side by side in the same tables: planning costs far
/// more than running, so that several are asked at once.
pub(crate) fn files(rng: &mut ChaCha8Rng, model: &Model, populations: usize) -> Files {
    let as_of = NaiveDate::from_ymd_opt(2023, 12, 31).unwrap() + Months::new(rng.random_range(0..24));
    let mut all = population(rng, model, as_of);
    for n in 1..populations {
        for (id, raw) in population(rng, model, as_of).tables {
            let rows = raw.rows.iter().map(|row| renamed(model, id, row, &format!("p{n}-")));
            all.tables.get_mut(&id).unwrap().rows.extend(rows);
        }
    }
    as_instants(&mut rng.clone(), model, &mut all);
    let mut rng = rng.clone();
    for cell in all.tables.values_mut().flat_map(|raw| &mut raw.rows).flatten() {
        if cell.is_empty()
            && let Some(word) = model.missing_words.choose(&mut rng)
            && rng.random_bool(0.4)
        {
            cell.clone_from(word);
        }
    }
    all
}

/// Writes some local times, and a few days, as instants; some of them on days on which clocks are
/// changed.
fn as_instants(rng: &mut ChaCha8Rng, model: &Model, files: &mut Files) {
    let Some(zone) = instant::zone(model) else { return };
    let changes = CHANGES.iter().find(|(name, _)| *name == zone.name()).unwrap_or(&CHANGES[0]).1;
    for (id, raw) in &mut files.tables {
        // An instant is no text in a form.
        // What stands in another table is written there.
        let plain = |c: &Column| c.forms.is_empty() && c.joined.is_none();
        for (place, column) in model.table(*id).columns.iter().enumerate().filter(|(_, c)| plain(c)) {
            // The evaluator's database knows no summers that far off.
            for cell in raw.rows.iter_mut().map(|row| &mut row[place]).filter(|cell| !cell.starts_with('9')) {
                let local = match column.ty {
                    // The first and last seconds of the half hours of such a night.
                    ColumnType::Timestamp if rng.random_bool(0.2) => {
                        let day: NaiveDate = changes.choose(rng).unwrap().parse().unwrap();
                        let half_hours = TimeDelta::minutes(30 * rng.random_range(0..8));
                        Ok(day.and_time(NaiveTime::MIN) + half_hours - TimeDelta::seconds(rng.random_range(0..2)))
                    }
                    ColumnType::Timestamp if rng.random_bool(0.5) => cell.parse::<NaiveDateTime>(),
                    ColumnType::Date if rng.random_bool(0.1) => cell.parse::<NaiveDate>().map(NaiveDateTime::from),
                    _ => continue,
                };
                // An hour that is skipped has no instant, and one that comes twice has two.
                let Some(all) = local.ok().map(|local| zone.from_local_datetime(&local)) else { continue };
                let instant = if rng.random_bool(0.5) { all.earliest() } else { all.latest() };
                let offset = FixedOffset::east_opt(*[0, 0, 19_800, -28_800].choose(rng).unwrap()).unwrap();
                let written = instant.map(|i| i.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::Secs, true));
                written.into_iter().for_each(|written| *cell = written);
            }
        }
    }
}

/// A row with something before every id.
pub(crate) fn renamed(model: &Model, table: TableId, row: &[String], before: &str) -> Vec<String> {
    let cell = |(column, text): (&Column, &String)| match column.ty {
        ColumnType::Key | ColumnType::Link(_) if !text.is_empty() => format!("{before}{text}"),
        _ => text.clone(),
    };
    model.table(table).columns.iter().zip(row).map(cell).collect()
}

/// Rows for every table of the model, nothing wrong with them, most of whose days are among these.
pub(crate) fn around(rng: &mut ChaCha8Rng, model: &Model, as_of: NaiveDate, days: Vec<NaiveDate>) -> Files {
    rows(Maker { rng, as_of, days, ids: BTreeMap::new(), may_be_messy: false }, model)
}

/// Rows for every table of the model.
fn population(rng: &mut ChaCha8Rng, model: &Model, as_of: NaiveDate) -> Files {
    // Ends of months, ends of February, firsts, and days beside them: where arithmetic breaks and
    // where ties come from.
    let days: Vec<NaiveDate> = (0..14)
        .map(|_| {
            let first = as_of.checked_sub_months(Months::new(rng.random_range(0..26))).unwrap();
            let beside = i64::from(rng.random_range(-2..3));
            yardstick::calendar::add_days(first, beside).unwrap()
        })
        .chain(["2024-02-29", "2023-02-28", "2024-02-28", "2022-08-31", "1968-02-29"].map(|d| d.parse().unwrap()))
        .collect();
    rows(Maker { rng, as_of, days, ids: BTreeMap::new(), may_be_messy: true }, model)
}

fn rows(mut maker: Maker<'_>, model: &Model) -> Files {
    maker.count_rows(model);
    let read = model.tables().filter(|(_, table)| table.words_of.is_none());
    let mut tables: BTreeMap<TableId, Raw> = read.map(|(id, table)| (id, maker.table(model, id, table))).collect();
    let Maker { rng, as_of, days, ids, may_be_messy } = maker;
    // A draw of its own leaves all others as they are.
    let mut maker = Maker { rng: &mut rng.clone(), as_of, days, ids, may_be_messy };
    for (id, table) in model.tables() {
        for (column, joined) in table.joined() {
            let taken = maker.stands_elsewhere(model, &tables[&id], (id, column), joined);
            tables.insert(joined.table, taken);
        }
    }
    Files { as_of, tables }
}

struct Maker<'a> {
    rng: &'a mut ChaCha8Rng,
    as_of: NaiveDate,
    days: Vec<NaiveDate>,
    ids: BTreeMap<TableId, Vec<String>>,
    may_be_messy: bool,
}

impl Maker<'_> {
    /// How many rows each table has, and their ids; some tables are empty.
    fn count_rows(&mut self, model: &Model) {
        for (id, table) in model.tables().filter(|(_, table)| table.words_of.is_none()) {
            // Its rows are made of those of the table that takes values from it.
            if table.name == "leaving" {
                self.ids.insert(id, Vec::new());
                continue;
            }
            let most: usize = match table.name.as_str() {
                "region" => 3,
                "team" => 5,
                "agent" => 6,
                "client" => 12,
                "agent_team" | "pair" => 14,
                _ => 40,
            };
            // Of few rows, each decides more.
            let most = if self.may_be_messy { most } else { most.div_ceil(self.rng.random_range(1..=8)) };
            let rows = if self.rng.random_bool(0.05) { 0 } else { self.rng.random_range(1..=most) };
            let letter = table.name.chars().next().unwrap();
            let is_composite = table.key.is_some_and(|key| !table.column(key).parts.is_empty());
            let called = |n: usize| match is_composite {
                true => composite_id([["1", "/", "a\\"][n % 3], &format!("{letter}{n}")]),
                false => format!("{letter}{n}"),
            };
            self.ids.insert(id, (1..=rows).map(called).collect());
        }
    }

    fn table(&mut self, model: &Model, id: TableId, table: &Table) -> Raw {
        let header = table.columns.iter().map(|c| c.file_name.clone()).collect();
        let mut rows: Vec<Vec<String>> = Vec::new();
        if table.name == "leaving" {
            return Raw { header, rows };
        }
        let messy = self.may_be_messy && self.rng.random_bool(0.3);
        for id in self.ids[&id].clone() {
            let mut row: Vec<String> = table.columns.iter().map(|c| self.cell(model, c, &id)).collect();
            self.end_after_start(table, &mut row);
            if messy && self.rng.random_bool(0.08) {
                self.spoil(table, &mut row);
            }
            rows.push(row);
            if messy && self.rng.random_bool(0.05) {
                rows.extend(rows.last().cloned());
            }
        }
        if let Some(key) = table.key
            && messy
            && rows.len() > 1
            && self.rng.random_bool(0.2)
        {
            // Two rows that share a key.
            rows[1][key.0 as usize] = rows[0][key.0 as usize].clone();
        }
        Raw { header, rows }
    }

    /// The table in which the values of a column stand: a row for each that is there, which leads
    /// to its row. Nobody reads them in the table itself.
    fn stands_elsewhere(&mut self, model: &Model, raw: &Raw, own: (TableId, ColumnId), joined: Joined) -> Raw {
        let (table, other) = (model.table(own.0), model.table(joined.table));
        let header = other.columns.iter().map(|c| c.file_name.clone()).collect();
        let mut rows: Vec<Vec<String>> = Vec::new();
        for row in &raw.rows {
            let (id, value) = (&row[table.key.unwrap().0 as usize], &row[own.1.0 as usize]);
            if value.is_empty() || value == "9999-12-31" {
                continue;
            }
            let cell = |(n, column): (usize, &Column)| match n {
                n if n == joined.via.0 as usize => id.clone(),
                n if n == joined.column.0 as usize => value.clone(),
                _ => self.cell(model, column, "nobody"),
            };
            rows.push(other.columns.iter().enumerate().map(cell).collect());
            // The same once more, or another one.
            if self.may_be_messy && self.rng.random_bool(0.04) {
                let mut again = rows.last().unwrap().clone();
                if self.rng.random_bool(0.5) {
                    again[joined.column.0 as usize] = self.day().to_string();
                }
                rows.push(again);
            }
        }
        Raw { header, rows }
    }

    fn cell(&mut self, model: &Model, column: &Column, id: &str) -> String {
        if column.optional && self.rng.random_bool(0.2) {
            let sentinel = column.ty == ColumnType::Date && self.rng.random_bool(0.1);
            return if sentinel { "9999-12-31".to_owned() } else { String::new() };
        }
        match &column.ty {
            ColumnType::Key => id.to_owned(),
            ColumnType::Link(target) => match self.ids[target].choose(self.rng) {
                Some(id) => id.clone(),
                None if column.optional => String::new(),
                None => format!("{}-that-is-not", model.table(*target).name),
            },
            ColumnType::Text => (*["a", "b", "B", "é"].choose(self.rng).unwrap()).to_owned(),
            ColumnType::Bool => self.rng.random_bool(0.6).to_string(),
            ColumnType::Int => self.rng.random_range(-1..5).to_string(),
            ColumnType::Decimal(digits) => {
                let all = ["0", "1.5", "-0.5", "2", "2.50", "12.3", "0.99", "1.05", "-3.25"];
                // What has two digits after the point stands last.
                let most = if digits.after == 1 { 6 } else { all.len() };
                all[..most].choose(self.rng).unwrap().to_string()
            }
            ColumnType::Date if column.name == "born" => {
                let months = 12 * self.rng.random_range(16..20);
                self.day().checked_sub_months(Months::new(months)).unwrap().to_string()
            }
            ColumnType::Date => self.day().to_string(),
            ColumnType::Timestamp => {
                let clock = ["00:00:00", "23:59:59", "14:30:00", "08:00:01"].choose(self.rng).unwrap();
                format!("{}T{clock}", self.day())
            }
            ColumnType::Codes(words) => words.choose(self.rng).unwrap().clone(),
        }
    }

    fn day(&mut self) -> NaiveDate {
        if self.rng.random_bool(0.7) {
            return *self.days.choose(self.rng).unwrap();
        }
        self.as_of + Days::new(60) - Days::new(self.rng.random_range(0..900))
    }

    /// Stays of no day, of one day, of a month, of years, open.
    fn end_after_start(&mut self, table: &Table, row: &mut [String]) {
        let Some(spans) = table.spans else { return };
        let (from, until) = (spans.from.0 as usize, spans.until.0 as usize);
        if row[until].is_empty() || row[until] == "9999-12-31" {
            return;
        }
        let from: NaiveDate = row[from].parse().unwrap();
        let end: NaiveDate = row[until].parse().unwrap();
        if !self.may_be_messy && from <= end && self.rng.random_bool(0.7) {
            return;
        }
        let days = match self.rng.random_range(0..8) {
            0 => 0,
            1 => 1,
            2 => 8,
            3 => 31,
            4 => self.rng.random_range(300..800),
            5 => 365,
            _ => (end - from).num_days().unsigned_abs(),
        };
        row[until] = (from + Days::new(days)).to_string();
    }

    /// Breaks the model in one way.
    fn spoil(&mut self, table: &Table, row: &mut [String]) {
        if let Some(spans) = table.spans
            && self.rng.random_bool(0.4)
        {
            row[spans.until.0 as usize] = "1999-12-31".to_owned();
            return;
        }
        // What is known with a later day is not there to be wrong.
        let known = |(_, column): &(usize, &Column)| !matches!(column.known, Known::With(_));
        let columns: Vec<_> = table.columns.iter().enumerate().skip(1).filter(known).collect();
        let Some((n, column)) = columns.choose(self.rng).copied() else {
            return;
        };
        if matches!(column.ty, ColumnType::Codes(_)) {
            // No text is unknown where one word takes whatever is there.
            if column.spellings.otherwise().is_none() {
                row[n] = "no_such_word".to_owned();
            }
        } else if matches!(column.ty, ColumnType::Link(_)) {
            row[n] = "nobody".to_owned();
        } else if matches!(column.ty, ColumnType::Decimal(_)) {
            row[n] = (*["1.255", "12345.5", "1.5x", "1e2"].choose(self.rng).unwrap()).to_owned();
        } else if column.ty == ColumnType::Date && self.rng.random_bool(0.5) {
            row[n] = "2023-02-29".to_owned();
        } else if !column.optional {
            row[n] = String::new();
        }
    }
}

pub(super) fn csv(raw: &Raw) -> String {
    let mut text = raw.header.join(",") + "\n";
    for row in &raw.rows {
        text += &row.join(",");
        text += "\n";
    }
    text
}

/// The tables that hold rows, for people.
pub(crate) fn show(model: &Model, files: &Files) -> String {
    let mut text = format!("as of {}\n", files.as_of);
    for (id, raw) in &files.tables {
        if !raw.rows.is_empty() {
            write!(text, "\n# {}.csv\n{}", model.table(*id).file, csv(raw)).unwrap();
        }
    }
    text
}

/// What is generated in zones is worth comparing: instants of times and of days, in hours that come
/// twice, too.
#[test]
fn generated_files_hold_instants() {
    let (mut times, mut twice, mut days) = (0, 0, 0);
    for seed in 0..40 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let text = model(&mut rng);
        let model = super::parsed::program(&[text]).unwrap().model;
        let files = files(&mut rng, &model, 1);
        let Some(zone) = instant::zone(&model) else { continue };
        for (id, raw) in &files.tables {
            for (column, cell) in raw.rows.iter().flat_map(|row| model.table(*id).columns.iter().zip(row)) {
                let Ok(instant) = DateTime::parse_from_rfc3339(cell) else { continue };
                let local = instant.with_timezone(&zone).naive_local();
                days += usize::from(column.ty == ColumnType::Date);
                times += usize::from(column.ty == ColumnType::Timestamp);
                twice += usize::from(matches!(zone.from_local_datetime(&local), MappedLocalTime::Ambiguous(..)));
            }
        }
    }
    assert!(times > 200 && days > 100 && twice > 3, "{times} times, {days} days, {twice} in hours that come twice");
}
