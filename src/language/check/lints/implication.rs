//! What conditions joined by `and` say of single values: which words, which days, which numbers are
//! left.
//!
//! Only what can be told without knowing the data: days against points of the window or against
//! named days, counts against numbers, words against lists, missing or known. Whatever else a
//! condition says is left out, so that what is found empty is surely empty.

use crate::check::world::World;
use crate::ir::{CompareOp, Expr, ExprKind, Missing, Ty, WindowPoint};
use chrono::Datelike;
use std::collections::BTreeSet;

/// Beyond this many values, facts are not gathered.
const MOST: usize = 200;

/// A scale on which a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    /// Whole numbers of the value's own unit.
    Number,
    /// Days by the calendar.
    Calendar,
    /// Points of the window, see [`Implied::point`].
    Window,
}

/// What one condition says of one value when it is true.
#[derive(Debug, Clone, PartialEq)]
enum Claim {
    /// From the first through the second, on a scale.
    Range(Scale, i64, i64),
    /// One of these words, or truth values.
    Words(Words),
    Missing(bool),
}

/// Some words of a list, kept as the shorter of what is in and what is out: lists are long, and
/// conditions name a few.
#[derive(Debug, Clone, PartialEq)]
enum Words {
    Of(BTreeSet<u16>),
    /// All but these, of a list of so many.
    Without(BTreeSet<u16>, usize),
}

impl Words {
    fn none(&self) -> bool {
        match self {
            Self::Of(words) => words.is_empty(),
            Self::Without(words, all) => words.len() >= *all,
        }
    }

    fn both(self, other: Self) -> Self {
        match (self, other) {
            (Self::Of(mut a), Self::Of(b)) => {
                a.retain(|word| b.contains(word));
                Self::Of(a)
            }
            (Self::Of(mut words), Self::Without(out, _)) | (Self::Without(out, _), Self::Of(mut words)) => {
                for word in out {
                    words.remove(&word);
                }
                Self::Of(words)
            }
            (Self::Without(mut a, all), Self::Without(b, _)) => {
                a.extend(b);
                Self::Without(a, all)
            }
        }
    }

    /// Whether all of these are among the others.
    fn among(&self, others: &Self) -> bool {
        match (self, others) {
            (Self::Of(a), Self::Of(b)) => a.is_subset(b),
            (Self::Of(a), Self::Without(out, _)) => a.is_disjoint(out),
            (Self::Without(out, all), Self::Of(b)) => out.union(b).count() >= *all,
            (Self::Without(a, _), Self::Without(b, _)) => b.is_subset(a),
        }
    }
}

/// What is left of one value.
#[derive(Debug, Clone)]
struct Domain<'e> {
    value: &'e Expr,
    ranges: Vec<(Scale, i64, i64)>,
    words: Option<Words>,
    missing: Option<bool>,
}

impl Domain<'_> {
    fn none(&self) -> bool {
        self.ranges.iter().any(|(_, low, high)| low > high) || self.words.as_ref().is_some_and(Words::none)
    }

    fn range(&self, scale: Scale) -> (i64, i64) {
        self.ranges.iter().find(|(s, ..)| *s == scale).map_or((i64::MIN, i64::MAX), |(_, low, high)| (*low, *high))
    }
}

/// What is left of all values.
#[derive(Debug, Clone)]
pub(super) struct Implied<'e, 'w> {
    world: &'w World<'w>,
    day_window: bool,
    left: Vec<Domain<'e>>,
    contradicted: bool,
}

impl<'e, 'w> Implied<'e, 'w> {
    /// Nothing said yet. `day_window`: the window is a single day.
    pub(super) fn new(world: &'w World<'w>, day_window: bool) -> Self {
        Self { world, day_window, left: Vec::new(), contradicted: false }
    }

    /// Adds a condition; whether all of them can still be true together.
    pub(super) fn add(&mut self, condition: &'e Expr) -> bool {
        for conjunct in condition.conjuncts() {
            for (value, said) in self.said(conjunct) {
                self.take(value, said);
            }
        }
        !self.contradicted
    }

    /// Whether a condition is sure to be true where all that was added is.
    pub(super) fn imply(&self, condition: &'e Expr) -> bool {
        condition.conjuncts().into_iter().all(|conjunct| {
            let said = self.said(conjunct);
            !said.is_empty() && said.iter().all(|(value, said)| self.implies(value, said))
        })
    }

    fn implies(&self, value: &Expr, said: &Claim) -> bool {
        let left = self.left.iter().find(|l| l.value == value);
        match said {
            Claim::Missing(missing) => {
                left.and_then(|l| l.missing) == Some(*missing) || value.missing == Missing::Never && !missing
            }
            Claim::Range(scale, low, high) => left.is_some_and(|l| {
                let (from, to) = l.range(*scale);
                from >= *low && to <= *high
            }),
            Claim::Words(words) => left.and_then(|l| l.words.as_ref()).is_some_and(|w| w.among(words)),
        }
    }

    fn take(&mut self, value: &'e Expr, said: Claim) {
        let at = match self.left.iter().position(|l| l.value == value) {
            Some(at) => at,
            None if self.left.len() >= MOST => return,
            None => {
                self.left.push(Domain { value, ranges: Vec::new(), words: None, missing: None });
                self.left.len() - 1
            }
        };
        let Some(left) = self.left.get_mut(at) else { return };
        match said {
            Claim::Missing(missing) => {
                self.contradicted |= left.missing == Some(!missing);
                left.missing = Some(missing);
            }
            Claim::Range(scale, low, high) => {
                let (from, to) = left.range(scale);
                left.ranges.retain(|(s, ..)| *s != scale);
                left.ranges.push((scale, from.max(low), to.min(high)));
            }
            Claim::Words(words) => {
                left.words = Some(match left.words.take() {
                    Some(before) => before.both(words),
                    None => words,
                });
            }
        }
        self.contradicted |= left.none();
    }

    /// What a single condition says.
    fn said(&self, condition: &'e Expr) -> Vec<(&'e Expr, Claim)> {
        if let ExprKind::Not(inner) = &condition.kind {
            return self.denied(inner);
        }
        if let ExprKind::Compare { op, left, right } = &condition.kind {
            return self.compared(*op, left, right);
        }
        if let ExprKind::InCodes { value, codes } = &condition.kind {
            return known(value, Claim::Words(Words::Of(codes.iter().copied().collect())));
        }
        if let ExprKind::InWindow(date) = &condition.kind {
            let range = Claim::Range(Scale::Window, self.point(WindowPoint::Start), self.point(WindowPoint::LastDay));
            return known(date, range);
        }
        if let ExprKind::IsMissing(value) = &condition.kind {
            return vec![(value, Claim::Missing(true))];
        }
        if let ExprKind::Column { .. } = &condition.kind {
            return known(condition, Claim::Words(Words::Of(BTreeSet::from([1]))));
        }
        Vec::new()
    }

    /// What a condition says when it is false.
    fn denied(&self, condition: &'e Expr) -> Vec<(&'e Expr, Claim)> {
        if let ExprKind::Compare { op, left, right } = &condition.kind {
            return self.compared(op.negated(), left, right);
        }
        if let ExprKind::InCodes { value, codes } = &condition.kind {
            return known(value, Claim::Words(self.all_but(value, codes.iter().copied().collect())));
        }
        if let ExprKind::IsMissing(value) = &condition.kind {
            return vec![(value, Claim::Missing(false))];
        }
        if let ExprKind::Column { .. } = &condition.kind {
            return known(condition, Claim::Words(Words::Of(BTreeSet::from([0]))));
        }
        Vec::new()
    }

    /// The words of a value's list but these.
    fn all_but(&self, value: &Expr, out: BTreeSet<u16>) -> Words {
        let Ty::Code(list) = value.ty else { return Words::Of(BTreeSet::new()) };
        Words::Without(out, list.words(&self.world.model).len())
    }

    fn compared(&self, op: CompareOp, left: &'e Expr, right: &'e Expr) -> Vec<(&'e Expr, Claim)> {
        if let Some((scale, at)) = self.place(right) {
            return against(op, left, scale, at);
        }
        if let Some((scale, at)) = self.place(left) {
            return against(op.flipped(), right, scale, at);
        }
        let (value, word) = match (&left.kind, &right.kind) {
            (_, ExprKind::Code(word)) => (left, *word),
            (ExprKind::Code(word), _) => (right, *word),
            (_, ExprKind::Bool(truth)) => (left, u16::from(*truth)),
            _ => return Vec::new(),
        };
        let words = match op {
            CompareOp::Eq => Words::Of(BTreeSet::from([word])),
            CompareOp::Ne if value.ty == Ty::Bool => Words::Of(BTreeSet::from([1 - word.min(1)])),
            CompareOp::Ne => self.all_but(value, BTreeSet::from([word])),
            CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => return Vec::new(),
        };
        known(value, Claim::Words(words))
    }

    /// Whether one point of the window against another is true.
    pub(super) fn compare_points(&self, op: CompareOp, left: &Expr, right: &Expr) -> Option<bool> {
        let ((_, l), (_, r)) = (self.place(left)?, self.place(right)?);
        Some(match op {
            CompareOp::Eq => l == r,
            CompareOp::Ne => l != r,
            CompareOp::Lt => l < r,
            CompareOp::Le => l <= r,
            CompareOp::Gt => l > r,
            CompareOp::Ge => l >= r,
        })
    }

    /// Where a constant stands on its scale.
    fn place(&self, e: &Expr) -> Option<(Scale, i64)> {
        if let ExprKind::Int(n) = e.kind {
            return Some((Scale::Number, n));
        }
        if let ExprKind::Date(day) = e.kind {
            return Some((Scale::Calendar, i64::from(day.num_days_from_ce())));
        }
        if let ExprKind::Window(point) = e.kind { Some((Scale::Window, self.point(point))) } else { None }
    }

    /// The window's points in order: far apart, but for the last day and the day after it.
    fn point(&self, point: WindowPoint) -> i64 {
        match point {
            WindowPoint::Start if self.day_window => 1000,
            WindowPoint::Start => 0,
            WindowPoint::LastDay => 1000,
            WindowPoint::End => 1001,
        }
    }
}

/// A condition that is true only of a value that is known.
fn known(value: &Expr, said: Claim) -> Vec<(&Expr, Claim)> {
    vec![(value, said), (value, Claim::Missing(false))]
}

/// A comparison with a constant. An open end is later than every day, so being later does not make
/// it known.
fn against(op: CompareOp, value: &Expr, scale: Scale, at: i64) -> Vec<(&Expr, Claim)> {
    let range = match op {
        CompareOp::Eq => Claim::Range(scale, at, at),
        CompareOp::Lt => Claim::Range(scale, i64::MIN, at.saturating_sub(1)),
        CompareOp::Le => Claim::Range(scale, i64::MIN, at),
        CompareOp::Gt => Claim::Range(scale, at.saturating_add(1), i64::MAX),
        CompareOp::Ge => Claim::Range(scale, at, i64::MAX),
        CompareOp::Ne => return Vec::new(),
    };
    let later = matches!(op, CompareOp::Gt | CompareOp::Ge);
    if later && value.missing == Missing::OpenEnd { vec![(value, range)] } else { known(value, range) }
}
