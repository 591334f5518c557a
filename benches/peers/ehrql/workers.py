"""Measures of workers, each worker a patient: see children.py. A denominator is a whole number, so staff is counted in days, as a
measure of its own, and divided afterwards.
"""

from ehrql import INTERVAL, create_measures, days, maximum_of, minimum_of

from county import post, worker
from levels import at, windows

FIRST, LAST = INTERVAL.start_date, INTERVAL.end_date
measures = create_measures()
measures.configure_disclosure_control(enabled=False)

# worker_turnover
end = minimum_of(worker.separated_on, LAST + days(1))
included = (
    worker.position.is_in(["investigator", "case_carrying"]) & (worker.hired_on <= LAST)
    & (worker.separated_on.is_null() | (worker.separated_on >= FIRST)))
holder = at(post, end - days(1))
count = (minimum_of(worker.separated_on, LAST + days(1)) - maximum_of(worker.hired_on, FIRST)).days
left = worker.separated_on.is_during(INTERVAL)
groups = {"bureau": holder.bureau_id, "office": holder.office_id, "unit": holder.unit_id, "worker": worker.worker_id}
# Who was separated on the first day has no day, and a row whose denominator is 0 would be left out with its numerator. The columns
# of groups have the same names in both: with a second name for the same column, both would be empty.
for part, numerator in [("worker_turnover", left), ("worker_turnover_days", count)]:
    measures.define_measure(f"{part}__department", numerator, included, intervals=windows(12, 0))
    for level, entity in groups.items():
        measures.define_measure(f"{part}__{level}", numerator, included, group_by={level: entity}, intervals=windows(12, 0))
