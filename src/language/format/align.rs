//! Puts below its like what the writer had put there: columns of neighbouring lines, and the
//! comments at their ends. What stood in one column is moved together.

use super::line::{Line, width};

/// At least so many blanks stand before a comment.
const BEFORE_COMMENT: usize = 2;

pub(super) fn align(lines: &mut [Line]) {
    let most = lines.iter().map(|line| line.marks.len()).max().unwrap_or_default();
    for nth in 0..most {
        each_run(lines, |line| line.marks.get(nth).map(|mark| mark.column), |run| align_marks(run, nth));
    }
    each_run(lines, |line| line.comment.as_ref().map(|comment| comment.column), put_comments);
}

/// Neighbouring lines for which `column` is the same.
fn each_run(lines: &mut [Line], column: impl Fn(&Line) -> Option<usize>, mut work: impl FnMut(&mut [Line])) {
    let together = |one: &Line, other: &Line| other.blank == 0 && column(one).is_some() && column(one) == column(other);
    for run in lines.chunk_by_mut(together) {
        if run.first().is_some_and(|line| column(line).is_some()) {
            work(run);
        }
    }
}

/// Gives the marks one column, as far apart from what is before them as the one that stood nearest.
fn align_marks(run: &mut [Line], nth: usize) {
    let marks = || run.iter().filter_map(|line| Some((line, line.marks.get(nth)?)));
    let before = |(line, at): (&Line, usize)| {
        width(line.text.get(..at).and_then(|text| text.rsplit('\n').next()).unwrap_or_default()) - 1
    };
    let nearest = marks().map(|(_, mark)| mark.blanks.min(BEFORE_COMMENT)).min().unwrap_or(1);
    let all_near = marks().all(|(_, mark)| mark.blanks <= 1);
    let column = marks().map(|(line, mark)| before((line, mark.at))).max().unwrap_or_default() + nearest;
    if all_near {
        return;
    }
    for line in run {
        let Some(at) = line.marks.get(nth).map(|mark| mark.at) else { continue };
        let more = (column - before((line, at))).saturating_sub(1);
        line.text.insert_str(at, &" ".repeat(more));
        line.end += more;
        line.marks.iter_mut().filter(|mark| mark.at >= at).for_each(|mark| mark.at += more);
    }
}

/// Writes the comments in the column in which they stood, or further right when there is no room.
fn put_comments(run: &mut [Line]) {
    let room = run.iter().map(|line| line.end + BEFORE_COMMENT).max().unwrap_or_default();
    for line in run {
        let Some(comment) = line.comment.take() else { continue };
        line.push_blanks(room.max(comment.column), BEFORE_COMMENT);
        line.push(&comment.text);
    }
}
