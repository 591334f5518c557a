//! How forms are read: what binds tighter, where a clause ends, whose `source` it is.

use super::parse;
use yardstick::decimal::Decimal;
use yardstick::syntax::ast::{
    Clause, ColumnType, CompareOp, Expect, ExpectedFigure, Expr, ExprKind, InSet, Item, Measure, Member, Name, Outcome,
    Relation, Thresholds, WindowEnds, WindowSpec,
};

fn whole(digits: i128) -> Decimal {
    Decimal { digits, scale: 1 }
}

fn path(names: &[Name]) -> String {
    names.iter().map(|n| n.value.as_str()).collect::<Vec<_>>().join(".")
}

fn all(word: &str, parts: &[Expr]) -> String {
    format!("({word} {})", parts.iter().map(shape).collect::<Vec<_>>().join(" "))
}

fn relation(relation: &Relation) -> String {
    match relation {
        Relation::OpenOn(day) => format!("open-on {}", shape(day)),
        Relation::Overlapping(of) => format!("overlapping {}", path(&of.value)),
        Relation::Covering(of) => format!("covering {}", path(&of.value)),
    }
}

fn op(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal => "=",
        CompareOp::NotEqual => "!=",
        CompareOp::Less => "<",
        CompareOp::LessEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterEqual => ">=",
        CompareOp::Before => "before",
        CompareOp::OnOrBefore => "on-or-before",
        CompareOp::After => "after",
        CompareOp::OnOrAfter => "on-or-after",
    }
}

/// An expression with all its parentheses, the operator first.
fn shape(e: &Expr) -> String {
    match &e.kind {
        ExprKind::Path(names) => path(names),
        ExprKind::Int(n) => n.to_string(),
        ExprKind::Decimal(n) => n.to_string(),
        ExprKind::Text(t) => format!("{t:?}"),
        ExprKind::Date(d) => d.to_string(),
        ExprKind::Bool(b) => b.to_string(),
        ExprKind::Duration(d) => format!("{} {:?}", d.amount, d.unit),
        ExprKind::And(parts) => all("and", parts),
        ExprKind::Or(parts) => all("or", parts),
        ExprKind::Not(inner) => format!("(not {})", shape(inner)),
        ExprKind::Compare { op: sign, left, right } => format!("({} {} {})", op(sign.value), shape(left), shape(right)),
        ExprKind::In { value, set, negated } => {
            let word = if *negated { "not-in" } else { "in" };
            match set {
                InSet::Codes(names) => format!("({word} {} {{{}}})", shape(value), path(names).replace('.', " ")),
                InSet::Values(values) => format!("({word} {} {{{}}})", shape(value), all("", values)),
                InSet::Named(of) => format!("({word} {} {})", shape(value), path(&of.value)),
            }
        }
        ExprKind::Missing { value, known } => {
            format!("({} {})", if *known { "known" } else { "missing" }, shape(value))
        }
        ExprKind::IsRows { row, rows } => format!("(is {} {})", path(&row.value), rows.value),
        ExprKind::KeepsRules(row) => {
            let row = row.as_ref().map_or(String::new(), |row| format!("{} ", path(&row.value)));
            format!("({row}keeps all rules)")
        }
        ExprKind::Relation { row, relation: r } => {
            let row = row.as_ref().map(|r| path(&r.value) + " ").unwrap_or_default();
            format!("({row}{})", relation(r))
        }
        ExprKind::Quantified(q) => {
            let mut out = format!("({:?}", q.kind).to_lowercase();
            out += &q.value.as_ref().map(|v| format!(" {}", shape(v))).unwrap_or_default();
            out += &q.by.as_ref().map(|by| format!(" by {}", shape(by))).unwrap_or_default();
            out += &q.to.as_ref().map(|to| format!(" to {}", shape(to))).unwrap_or_default();
            out += if q.other { " other " } else { " " };
            out += &path(&q.source.value);
            out += &q.alias.as_ref().map(|a| format!(" as {}", a.value)).unwrap_or_default();
            out += &q.relation.as_ref().map(|r| format!(" {}", relation(&r.value))).unwrap_or_default();
            out += &q.condition.as_ref().map(|c| format!(" where {}", shape(c))).unwrap_or_default();
            out += &q.have.as_ref().map(|c| format!(" have {}", shape(c))).unwrap_or_default();
            out + ")"
        }
        ExprKind::Arithmetic { sign, left, right } => format!("({} {} {})", sign.text(), shape(left), shape(right)),
        ExprKind::IfElse { condition, then, otherwise } => {
            format!("(if {} {} {})", shape(condition), shape(then), shape(otherwise))
        }
        ExprKind::OfCall { name, args, on: _ } => all(&name.value, args),
        ExprKind::Elsewhere(day) => format!("(elsewhere {})", shape(day)),
        ExprKind::DaysInWindow => "(days-in window)".to_owned(),
        ExprKind::FromTo { unit, from, to } => format!("({:?} {} {})", unit.value, shape(from), shape(to)),
        ExprKind::Beside(of) => {
            let word = if of.next { "next" } else { "previous" };
            format!("({word} {} {} {})", of.table.value, path(&of.of.value), path(&of.by.value))
        }
    }
}

/// The shape of a condition, read in `rows`.
fn read(condition: &str) -> String {
    let (ast, found, _) = parse(&format!("rows r = t where {condition}\n"));
    assert!(found.is_empty(), "{condition}: {found:?}");
    let Some(Item::Rows { condition, .. }) = ast.items.first() else { panic!("{ast:?}") };
    shape(condition)
}

#[test]
fn operators_bind_as_read_aloud() {
    let cases = [
        ("a or b and not c = d", "(or a (and b (not (= c d))))"),
        ("not a and b", "(and (not a) b)"),
        ("(a or b) and c", "(and (or a b) c)"),
        ("a - b + 3 days on or before c", "(on-or-before (+ (- a b) 3 Days) c)"),
        ("a not in { b, c, } and d in window", "(and (not-in a {b c}) (in d window))"),
        ("a is missing or later is substantiated", "(or (missing a) (is later substantiated))"),
        ("a + 2 * b - c * 3 >= d * 2 * e", "(>= (- (+ a (* 2 b)) (* c 3)) (* (* d 2) e))"),
        ("2 * (a + b) -3 = -3", "(= (- (* 2 (+ a b)) 3) -3)"),
        ("(if a and b then c else d + 1 day) before e", "(before (if (and a b) c (+ d 1 Days)) e)"),
        ("if not a then b else if c in window then d else e and f", "(if (not a) b (if (in c window) d (and e f)))"),
        ("b = if (a = c) then 1 else 2", "(= b (if (= a c) 1 2))"),
        ("if = 2 and then.if is known", "(and (= if 2) (known then.if))"),
        ("day of a + 1 day = 2024-02-29", "(= (+ (day a) 1 Days) 2024-02-29)"),
        ("earliest of a, b + 3 weeks before c", "(before (earliest a (+ b 3 Weeks)) c)"),
        ("first  known of a, b after c", "(after (first known a b) c)"),
        ("days from a to b + 1 day > -3", "(> (Days a (+ b 1 Days)) -3)"),
        ("held elsewhere on a + 1 day and not b", "(and (elsewhere (+ a 1 Days)) (not b))"),
        ("held = elsewhere", "(= held elsewhere)"),
        ("stay open on window.start and covering window", "(and (stay open-on window.start) (covering window))"),
        ("a = true and b = \"x \\\"y\\\" \\\\\"", "(and (= a true) (= b \"x \\\"y\\\" \\\\\"))"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn values_are_made_of_rows() {
    let cases = [
        ("(count x.y as z where z.a = b) <= 2 and c", "(and (<= (count x.y as z where (= z.a b)) 2) c)"),
        ("(count distinct z.home among x as z) > 1", "(> (distinct z.home x as z) 1)"),
        ("(sum days among x overlapping window) > 30", "(> (sum days x overlapping window) 30)"),
        ("(earliest day of z.t among x as z) before d", "(before (earliest (day z.t) x as z) d)"),
        (
            "(latest (earliest of z.a, b) among x as z where c) after d",
            "(after (latest (earliest z.a b) x as z where c) d)",
        ),
        ("days in window > 3", "(> (days-in window) 3)"),
        ("(days in window among x where c) > 3", "(> (daysinwindow x where c) 3)"),
        ("a + 5 business days before b", "(before (+ a 5 BusinessDays) b)"),
        ("count other x.y > 3", "(> (count other x.y) 3)"),
        ("latest of a, b before c", "(before (latest a b) c)"),
        ("(last z.a by z.b + 1 day among x as z where c) = d", "(= (last z.a by (+ z.b 1 Days) x as z where c) d)"),
        ("first a by b among x > 3", "(> (first a by b x) 3)"),
        ("days from a to b - 1 day among x.y as z > 3", "(> (daysfromto a to (- b 1 Days) x.y as z) 3)"),
        ("previous x of a by b.c is missing", "(missing (previous x a b.c))"),
        ("(next x of a by b) = d", "(= (next x a b) d)"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn where_takes_all_that_follows_until_a_parenthesis() {
    let cases = [
        ("some x where a and b or c", "(some x where (or (and a b) c))"),
        ("(some x where a) and b", "(and (some x where a) b)"),
        ("some x and b", "(and (some x) b)"),
        ("no other x.y as z open on d where z.a = b", "(no other x.y as z open-on d where (= z.a b))"),
        ("all x where a and some y where b have c and d", "(all x where (and a (some y where b)) have (and c d))"),
        ("some other where a = b", "(some other where (= a b))"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn words_of_the_language_may_be_codes_and_columns() {
    let cases = [
        ("a = other and b = no or c = all", "(or (and (= a other) (= b no)) (= c all))"),
        (
            "status = open and source in { title, window, first }",
            "(and (= status open) (in source {title window first}))",
        ),
        ("days < 8 and month = day", "(and (< days 8) (= month day))"),
        ("count < 3 and sum = 4 and latest in window", "(and (< count 3) (= sum 4) (in latest window))"),
        ("distinct = count and earliest before latest", "(and (= distinct count) (before earliest latest))"),
        ("previous = next and last before first", "(and (= previous next) (before last first))"),
        ("incoming = notable and orders = android", "(and (= incoming notable) (= orders android))"),
        ("open on or after 2024-01-01", "(on-or-after open 2024-01-01)"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), expected, "{text}");
    }
}

fn clauses(text: &str) -> Vec<Clause> {
    let (ast, found, _) = parse(&format!("indicator i {{\n{text}\n}}\n"));
    assert!(found.is_empty(), "{text}: {found:?}");
    let Some(Item::Indicator(i)) = ast.items.first() else { panic!("{ast:?}") };
    i.clauses.iter().map(|c| c.value.clone()).collect()
}

#[test]
fn a_source_in_the_braces_of_a_standard_is_the_standards_wherever_it_stands() {
    for blank in [" ", "\n", "\n      "] {
        let text = "standard at most 9.9% { source \"of the standard\" } yellow at most 12% source \"mine\"";
        let text = text.replace("12% ", "12% { status adapted } ").replace(' ', blank);
        let read = clauses(&text);
        let [Clause::Standard(standard), Clause::Source(own)] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!(standard.source.as_ref().unwrap().value, "of the standard");
        assert_eq!(standard.yellow.as_ref().unwrap().status.as_ref().unwrap().value, "adapted");
        assert_eq!(own.value, "mine");
    }
}

#[test]
fn a_standard_keeps_its_source_when_the_indicators_comes_before_its_yellow_band() {
    let read = clauses(
        "  standard at least 90 % until 2014-10-01  { status published }\n    yellow at least 80 percent { status inferred }",
    );
    let [Clause::Standard(standard)] = read.as_slice() else { panic!("{read:?}") };
    assert!(
        matches!(&standard.green.as_ref().unwrap().value, Thresholds::AtLeast(n) if n.value.unit.as_deref() == Some("percent"))
    );
    assert_eq!(standard.until.as_ref().unwrap().value.to_string(), "2014-10-01");
    assert_eq!(standard.yellow.as_ref().unwrap().status.as_ref().unwrap().value, "inferred");
}

#[test]
fn as_it_stands_is_a_clause_after_any_other() {
    let ends =
        ["cohort x", "numerator some a.b", "numerator (count a.b) > c", "lag 1 month", "attribute a at b", "let a = b"];
    for before in ends {
        let found = clauses(&format!("{before}\n  as it stands\n  minimum 3"));
        assert!(matches!(found[..], [_, Clause::AsItStands, Clause::Minimum(_)]), "{before}: {found:?}");
    }
    // A row may be called `it`.
    let found = clauses("numerator some a.b as it where it.c");
    assert!(matches!(&found[..], [Clause::Numerator(e)] if shape(e).contains("as it where it.c")), "{found:?}");
}

#[test]
fn windows_have_their_lengths() {
    let specs: Vec<_> = clauses(
        "window month end window week window month window quarter window 6 months window 2 years window 1 week
         window year to date window fiscal year to date from July window all time",
    )
    .into_iter()
    .map(|c| match c {
        Clause::Window(w) => w.length.value,
        other => panic!("{other:?}"),
    })
    .collect();
    let months = WindowSpec::Months;
    assert_eq!(specs[..3], [WindowSpec::MonthEnd, WindowSpec::Week, months(1)]);
    assert_eq!(specs[3..7], [WindowSpec::Quarter, months(6), months(24), WindowSpec::Week]);
    assert_eq!(specs[7], WindowSpec::YearToDate { fiscal: false, from: None });
    let WindowSpec::YearToDate { fiscal: true, from: Some(month) } = &specs[8] else { panic!("{specs:?}") };
    assert_eq!((month.value.as_str(), &specs[9]), ("July", &WindowSpec::AllTime));
}

#[test]
fn windows_are_thinned_out_by_what_follows() {
    let read = clauses("window 12 months every quarter window month end ending in March, September cohort a");
    let [Clause::Window(quarters), Clause::Window(halves), Clause::Cohort(_)] = read.as_slice() else {
        panic!("{read:?}")
    };
    assert_eq!(quarters.ends.as_ref().unwrap().value, WindowEnds::EveryQuarter);
    let WindowEnds::In(months) = &halves.ends.as_ref().unwrap().value else { panic!("{halves:?}") };
    assert_eq!(months.iter().map(|m| m.value.as_str()).collect::<Vec<_>>(), ["March", "September"]);
}

#[test]
fn a_pick_says_which_of_each_by_what() {
    let read =
        clauses("cohort first ever removal of each child by removed_on, removal_id open on window.start where a");
    let [Clause::Cohort(cohort)] = read.as_slice() else { panic!("{read:?}") };
    let pick = cohort.pick.as_ref().unwrap();
    assert!(pick.ever && !pick.last && cohort.relation.is_some() && cohort.condition.is_some());
    assert_eq!((path(&pick.per.value), pick.by.len()), ("child".to_owned(), 2));
    let read = clauses("cohort removal covering window");
    let [Clause::Cohort(cohort)] = read.as_slice() else { panic!("{read:?}") };
    assert!(cohort.pick.is_none() && cohort.condition.is_none());
}

#[test]
fn a_text_over_several_lines_is_one_line() {
    let read = clauses("title \"Entries\r\n      into   \n\n  care\"");
    assert!(matches!(read.as_slice(), [Clause::Title(t)] if t.value == "Entries into care"), "{read:?}");
}

#[test]
fn columns_may_share_a_line_and_have_any_name() {
    let (ast, found, _) = parse(
        "table t { t_id key from \"ID\" spans date spans a until b key text? from \"K\"\n  x -> y? through z from \"Q\" q <- r.s w = day of v  l { other, no }? }",
    );
    assert!(found.is_empty(), "{found:?}");
    let Some(Item::Table(t)) = ast.items.first() else { panic!("{ast:?}") };
    assert_eq!(t.members.len(), 8);
    assert!(
        matches!(&t.members[3], Member::Column { name, ty: ColumnType::Named(ty), optional: true, from: Some(_), not_yet: None, known: None, .. } if name.value == "key" && ty.value == "text")
    );
    assert!(matches!(&t.members[4], Member::Link { optional: true, through: Some(_), from, .. } if from.len() == 1));
}

#[test]
fn tests_are_read_line_by_line() {
    let (ast, found, _) = parse(
        "test i \"t\" {\n  r | a | b |\n\n    | O'Brien #4 {( | 2024-03-10 14:30 |   # \"x\n    # between\n    |  | |\n  s | c |\n  as of 2026-01-31\n  expect window ending 2024-12-31: 1 of 2, 3 excluded, 0 undetermined\n  expect \"r 1\" not counted held by unassigned\n  expect window-1 excluded \"why\"\n  expect window ending 2025-12-31: not observable\n  expect window ending 2025-06-30: not estimable of 4, 1 excluded\n}\n",
    );
    assert!(found.is_empty(), "{found:?}");
    let Some(Item::Test(t)) = ast.items.first() else { panic!("{ast:?}") };
    let cells: Vec<Vec<&str>> =
        t.tables[0].rows.iter().map(|r| r.value.iter().map(|c| c.value.as_str()).collect()).collect();
    assert_eq!(cells, [vec!["O'Brien #4 {(", "2024-03-10 14:30"], vec!["", ""]]);
    assert!(t.tables[1].rows.is_empty());
    let expects: Vec<_> = t.expects.iter().map(|e| &e.value).collect();
    let Expect::Window { figures, .. } = expects[0] else { panic!("{:?}", expects[0]) };
    assert_eq!((figures.first.value, figures.of.value), (ExpectedFigure::Above(whole(1)), whole(2)));
    assert_eq!((figures.undetermined, figures.excluded), (Some(0), Some(3)));
    assert!(
        matches!(expects[1], Expect::Row { id, outcome: Outcome::NotCounted, held_by: Some(_) } if id.value == "r 1")
    );
    assert!(
        matches!(expects[2], Expect::Row { id, outcome: Outcome::Excluded(Some(_)), .. } if id.value == "window-1")
    );
    assert!(matches!(expects[3], Expect::NotObservable { .. }));
    let Expect::Window { figures, .. } = expects[4] else { panic!("{:?}", expects[4]) };
    assert_eq!(
        (figures.first.value, figures.of.value, figures.excluded),
        (ExpectedFigure::NotEstimable, whole(4), Some(1))
    );
}

#[test]
fn a_percentile_and_what_is_censored() {
    let read = |text: &str| match clauses(&format!("measure {text}")).as_slice() {
        [Clause::Measure(measure)] => match &measure.value {
            Measure::Percentile { percent, value, censored } => {
                (percent.value, shape(value), censored.as_ref().map(shape).unwrap_or_default())
            }
            other => panic!("{text}: {other:?}"),
        },
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(read("median of days"), (50, "days".to_owned(), String::new()));
    assert_eq!(read("percentile 90 of days"), (90, "days".to_owned(), String::new()));
    let until = "median of days from a to b, censored at as_of";
    assert_eq!(read(until), (50, "(Days a b)".to_owned(), "as_of".to_owned()));
    // A column may have the name, and a list of days ends before it.
    let listed = "percentile 5 of days from censored to latest of a, censored, b, censored at as_of";
    assert_eq!(read(listed), (5, "(Days censored (latest a censored b))".to_owned(), "as_of".to_owned()));
    let lost = "median of days from a to b, censored at earliest of lost, as_of";
    assert_eq!(read(lost), (50, "(Days a b)".to_owned(), "(earliest lost as_of)".to_owned()));
}

#[test]
fn an_incidence() {
    let read = |text: &str| match clauses(&format!("measure {text}")).as_slice() {
        [Clause::Measure(measure)] => match &measure.value {
            Measure::Incidence(i) => {
                let censored = i.censored.as_ref().map(shape).unwrap_or_default();
                format!("{} {} {} {} {censored}", shape(&i.of), i.by.value.amount, shape(&i.from), shape(&i.to))
            }
            other => panic!("{text}: {other:?}"),
        },
        other => panic!("{text}: {other:?}"),
    };
    let whole = "incidence of how = home by 12 months from a to b, censored at as_of";
    assert_eq!(read(whole), "(= how home) 12 a b as_of");
    // Columns may have the words of the form as their names.
    let named = "incidence of incidence by 3 days from from to to, censored at censored";
    assert_eq!(read(named), "incidence 3 from to censored");
    let asked = "incidence of some x.y where by = c or d by 1 year from earliest of a, b to c";
    assert_eq!(read(asked), "(some x.y where (or (= by c) d)) 1 (earliest a b) c ");
}

#[test]
fn a_clause_that_begins_with_a_parenthesis_or_a_number_is_no_unit_of_the_line_before() {
    for (unit, after) in [("", "(days in window)"), ("", "12"), (" days", "(2 * days_in_care)")] {
        let read = clauses(&format!("measure rate per 100{unit}\n numerator {after}\n denominator {after}"));
        assert!(
            matches!(read.as_slice(), [Clause::Measure(_), Clause::Numerator(_), Clause::Denominator(_)]),
            "{after}: {read:?}"
        );
    }
}

#[test]
fn a_domain_and_an_indicator_may_be_called_hide() {
    let text = "scorecard s {\n  hide: a, hide, counts,\n  hide counts under 1_1\n  under: b\n}\n";
    let (ast, found, _) = parse(text);
    assert!(found.is_empty(), "{found:?}");
    let Some(Item::Scorecard(card)) = ast.items.first() else { panic!("{ast:?}") };
    let rows: Vec<_> = card
        .rows
        .iter()
        .map(|(domain, names)| (domain.value.as_str(), names.iter().map(|n| n.value.as_str()).collect::<Vec<_>>()))
        .collect();
    assert_eq!(rows, [("hide", vec!["a", "hide", "counts"]), ("under", vec!["b"])]);
    assert_eq!(card.hide_under.as_ref().map(|n| n.value), Some(11));
}

#[test]
fn where_times_are_local() {
    let zone = |text: &str| {
        let (ast, found, _) = parse(text);
        assert!(!found.has_errors(), "{text}: {found:?}");
        let Some(Item::Times { zone, .. }) = ast.items.into_iter().next() else { panic!("{text}") };
        zone.map(|zone| zone.value)
    };
    assert_eq!(zone("times are local"), None);
    assert_eq!(zone("times are local to America/Los_Angeles"), Some("America/Los_Angeles".into()));
    assert_eq!(zone("times are local\n  to  Etc/GMT+8   # all year\n"), Some("Etc/GMT+8".into()));
    assert_eq!(zone("times are local to America/Port-au-Prince\nlevels a > b"), Some("America/Port-au-Prince".into()));
}
