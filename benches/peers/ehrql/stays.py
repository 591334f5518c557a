"""Measures of stays in care, each stay a patient, since a child may count twice: see children.py."""

from ehrql import INTERVAL, create_measures, days, minimum_of

from county import held, placement, stay
from levels import at, every_level, plus, windows

measures = create_measures()
measures.configure_disclosure_control(enabled=False)

# placement_stability_0_12
end = minimum_of(stay.exited_on, INTERVAL.end_date + days(1))
included = (
    (stay.removed_on <= INTERVAL.end_date) & (stay.exited_on.is_null() | (stay.exited_on > INTERVAL.start_date))
    & (end < plus(stay.removed_on, 12)) & ((end - stay.removed_on).days >= 8))
homes = placement.where(
    placement.setting.is_not_in(["trial_home_visit", "runaway", "hospital"]) & (placement.started_on < end))
every_level(measures, "placement_stability_0_12", homes.home_id.count_distinct_for_patient() <= 2, included, at(held, end - days(1)),
            windows(12, 0))
