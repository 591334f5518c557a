//! What is changed in each form of an expression.

use super::edits::Edits;
use super::text;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{CompareOp, Expr, ExprKind, InSet, Quantified, Quantifier, Relation, Sign};

impl Edits<'_> {
    /// The changes of an expression and of all that is in it. Whoever adds a form says here what
    /// they are.
    pub(super) fn expr(&mut self, e: &Expr) {
        let whole = e.span;
        match &e.kind {
            ExprKind::Path(names) => {
                match names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().as_slice() {
                    ["window", "start"] => self.replace(whole, "window.last_day", whole),
                    ["window", "last_day"] => self.replace(whole, "window.start", whole),
                    ["window", "end"] => self.replace(whole, "window.last_day", whole),
                    _ => {}
                }
            }
            ExprKind::Int(_) | ExprKind::Decimal(_) => {
                for other in text::steps(self.text(whole)) {
                    self.replace(whole, &other, whole);
                }
            }
            // Another text is the comparison negated.
            ExprKind::Text(_) => {}
            ExprKind::Date(day) => {
                for other in [day.pred_opt(), day.succ_opt()].into_iter().flatten() {
                    self.replace(whole, &other.to_string(), whole);
                }
            }
            ExprKind::Bool(truth) => self.replace(whole, if *truth { "false" } else { "true" }, whole),
            ExprKind::Duration(_) => self.length(whole),
            ExprKind::And(parts) => self.joined(parts, ("and", "or"), "true"),
            ExprKind::Or(parts) => self.joined(parts, ("or", "and"), "false"),
            ExprKind::Not(inner) => {
                self.word(Span { end: inner.span.start, ..whole }, "not", "", whole);
                self.expr(inner);
            }
            ExprKind::Compare { op, left, right } => self.compared(whole, op, left, right),
            ExprKind::In { value, set, negated } => self.is_in(whole, value, set, *negated),
            ExprKind::Missing { value, known } => {
                let (is, other) = if *known { ("known", "missing") } else { ("missing", "known") };
                self.word(after(value.span, whole), is, other, whole);
                self.expr(value);
            }
            ExprKind::IsRows { .. } | ExprKind::KeepsRules(_) => self.negated(whole),
            ExprKind::Relation { relation, .. } => {
                self.negated(whole);
                self.inside(&Spanned::new((**relation).clone(), whole));
            }
            ExprKind::Quantified(q) => self.quantified(whole, q),
            ExprKind::Arithmetic { sign, left, right } => {
                let other = match sign {
                    Sign::Plus => Some("-"),
                    Sign::Minus => Some("+"),
                    Sign::Times => None,
                };
                if let (Some(other), Some(at)) = (other, self.sign(left.span, right.span, sign.text())) {
                    self.replace(at, other, whole);
                }
                self.all([&**left, &**right]);
            }
            ExprKind::IfElse { condition, then, otherwise } => {
                self.negated(condition.span);
                self.all([&**condition, &**then, &**otherwise]);
            }
            ExprKind::OfCall { name, args, on } => {
                match name.value.as_str() {
                    "earliest" => self.replace(name.span, "latest", whole),
                    "latest" => self.replace(name.span, "earliest", whole),
                    _ => {}
                }
                match args.as_slice() {
                    // One value alone is no list.
                    [one, other] => {
                        for kept in [one, other] {
                            self.replace(whole, &format!("({})", self.text(kept.span)), whole);
                        }
                    }
                    _ => self.one_less(&args.iter().map(|e| e.span).collect::<Vec<_>>(), whole),
                }
                self.all(args);
                self.all(on.as_deref());
            }
            // The stay at hand, and no step from it to another.
            ExprKind::DaysInWindow => {}
            ExprKind::Elsewhere(day) => {
                self.negated(whole);
                self.expr(day);
            }
            ExprKind::FromTo { from, to, .. } => self.all([&**from, &**to]),
            ExprKind::Beside(beside) => {
                let (is, other) = if beside.next { ("next", "previous") } else { ("previous", "next") };
                self.word(whole, is, other, whole);
            }
        }
    }

    /// A condition that chooses rows: left out, and changed.
    pub(super) fn asked_of_rows(&mut self, condition: &Expr) {
        if !matches!(condition.kind, ExprKind::And(_)) {
            self.shown(condition.span, "true", condition.span, "left out");
        }
        self.condition(condition);
    }

    /// The changes of a condition. A column that is one by itself is negated.
    pub(super) fn condition(&mut self, e: &Expr) {
        if matches!(e.kind, ExprKind::Path(_)) {
            self.negated(e.span);
        }
        self.expr(e);
    }

    /// Each part left out, each joint the other.
    fn joined(&mut self, parts: &[Expr], (is, other): (&str, &str), nothing: &str) {
        for pair in parts.windows(2) {
            let [left, right] = pair else { continue };
            let between = Span { start: left.span.end, end: right.span.start, ..left.span };
            if let Some(joint) = self.find(between, is) {
                self.replace(joint, other, joint.to(right.span));
            }
        }
        for part in parts {
            self.shown(part.span, nothing, part.span, "left out");
            self.condition(part);
        }
    }

    fn compared(&mut self, whole: Span, op: &Spanned<CompareOp>, left: &Expr, right: &Expr) {
        let other = match op.value {
            CompareOp::Equal => "!=",
            CompareOp::NotEqual => "=",
            CompareOp::Less => "<=",
            CompareOp::LessEqual => "<",
            CompareOp::Greater => ">=",
            CompareOp::GreaterEqual => ">",
            CompareOp::Before => "on or before",
            CompareOp::OnOrBefore => "before",
            CompareOp::After => "on or after",
            CompareOp::OnOrAfter => "after",
        };
        self.replace(op.span, other, whole);
        for side in [left, right] {
            if let Some(word) = self.next_word(side.span, &[]) {
                self.replace(side.span, &word, whole);
            }
            self.expr(side);
        }
    }

    fn is_in(&mut self, whole: Span, value: &Expr, set: &InSet, negated: bool) {
        let behind = after(value.span, whole);
        if negated {
            self.word(behind, "not", "", whole);
        } else {
            self.word(behind, "in", "not in", whole);
        }
        match set {
            InSet::Codes(words) => {
                let spans: Vec<Span> = words.iter().map(|word| word.span).collect();
                self.one_less(&spans, whole);
                let there: Vec<&str> = words.iter().map(|word| word.value.as_str()).collect();
                if let Some((last, word)) = spans.last().and_then(|last| Some((*last, self.next_word(*last, &there)?)))
                {
                    self.replace(last, &format!("{}, {word}", self.text(last)), whole);
                }
            }
            InSet::Values(values) => self.one_less(&values.iter().map(|e| e.span).collect::<Vec<_>>(), whole),
            // Its words stand in another declaration.
            InSet::Named(_) => {}
        }
        self.expr(value);
    }

    /// Each of several that are separated by commas left out, where more than one is there.
    fn one_less(&mut self, all: &[Span], whole: Span) {
        for (place, span) in all.iter().enumerate() {
            let gone = match (all.get(place + 1), place.checked_sub(1).and_then(|before| all.get(before))) {
                (Some(next), _) => Span { end: next.start, ..*span },
                (None, Some(before)) => Span { start: before.end, ..*span },
                (None, None) => continue,
            };
            self.replace(gone, "", whole);
        }
    }

    fn negated(&mut self, whole: Span) {
        let text = self.text(whole);
        self.shown(whole, &format!("not ({text})"), whole, &format!("not {text}"));
    }

    /// A relation that chooses rows: left out, and changed.
    pub(super) fn relation(&mut self, relation: &Spanned<Relation>) {
        self.shown(relation.span, "", relation.span, "left out");
        self.inside(relation);
    }

    fn inside(&mut self, relation: &Spanned<Relation>) {
        match &relation.value {
            Relation::OpenOn(day) => self.expr(day),
            Relation::Overlapping(_) => self.word(relation.span, "overlapping", "covering", relation.span),
            Relation::Covering(_) => self.word(relation.span, "covering", "overlapping", relation.span),
        }
    }

    fn quantified(&mut self, whole: Span, q: &Quantified) {
        // The question itself, without what it asks of the rows.
        let first = q.relation.as_ref().map(|r| r.span).or(q.condition.as_ref().map(|c| c.span));
        let head = whole.until(first.or(q.have.as_ref().map(|h| h.span)));
        match q.kind {
            Quantifier::Some => {
                self.word(whole, "some", "no", head);
                self.some_to_all(whole, q);
            }
            Quantifier::No => self.word(whole, "no", "some", head),
            Quantifier::All => self.all_to_some(whole, q),
            Quantifier::Earliest => self.word(whole, "earliest", "latest", head),
            Quantifier::Latest => self.word(whole, "latest", "earliest", head),
            Quantifier::First => self.word(whole, "first", "last", head),
            Quantifier::Last => self.word(whole, "last", "first", head),
            // Another aggregate gives another kind of number, and no step of this one.
            Quantifier::Count
            | Quantifier::Distinct
            | Quantifier::Sum
            | Quantifier::DaysInWindow
            | Quantifier::DaysFromTo => {}
        }
        if q.other {
            self.word(Span { end: q.source.span.start, ..whole }, "other", "", head);
        }
        self.all(q.value.as_ref().into_iter().chain(&q.by).chain(&q.to));
        if let Some(relation) = &q.relation {
            self.relation(relation);
        }
        if let Some(condition) = &q.condition {
            self.asked_of_rows(condition);
        }
        q.have.iter().for_each(|have| self.condition(have));
    }

    /// `some R where C` as `all R have C`.
    fn some_to_all(&mut self, whole: Span, q: &Quantified) {
        let Some(condition) = &q.condition else { return };
        let before = Span { start: q.source.span.end, end: condition.span.start, ..whole };
        let words = self.find(whole, "some").zip(self.find(before, "where"));
        if let Some((some, at)) = words {
            self.several(vec![(some, "all".into()), (at, "have".into())], Span { end: condition.span.end, ..whole });
        }
    }

    /// `all R where C have H` as `some R where C and H`.
    fn all_to_some(&mut self, whole: Span, q: &Quantified) {
        let Some(have) = &q.have else { return };
        let start = q.condition.as_ref().map_or(q.source.span.end, |c| c.span.end);
        let between = Span { start, end: have.span.start, ..whole };
        let Some((all, at)) = self.find(whole, "all").zip(self.find(between, "have")) else { return };
        let joint = if q.condition.is_some() { "and (" } else { "where (" };
        let end = Span { start: have.span.end, ..have.span };
        self.several(vec![(all, "some".into()), (at, joint.into()), (end, ")".into())], whole);
    }
}

/// What stands behind a value in the text around it.
fn after(value: Span, whole: Span) -> Span {
    Span { start: value.end, ..whole }
}
