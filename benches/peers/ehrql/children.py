"""Measures of children, each child a patient: `ehrql generate-measures children.py --dummy-tables TABLES/children ... -- --as_of DAY`."""

import datetime

from ehrql import INTERVAL, case, create_measures, days, when

from county import assignment, child, contact, exam, held, placement, removal, services
from levels import AS_OF, at, every_level, plus, windows

FIRST, LAST = INTERVAL.start_date, INTERVAL.end_date
measures = create_measures()
measures.configure_disclosure_control(enabled=False)


def after(end, day):
    """Of an end that is missing when there is none yet."""
    return end.is_null() | (end > day)


def count_if(condition, count):
    """The count of the rows of a child when the condition holds for all of them, else 0."""
    return case(when(condition).then(count), otherwise=0)


# placement_with_relatives: rows of one child on one day belong to one worker, so that they may be counted together.
there = placement.where((placement.started_on <= LAST) & after(placement.ended_on, LAST))
relatives = there.where(there.setting.is_in(["relative", "nonrelated_extended_family"]))
every_level(measures, "placement_with_relatives", relatives.count_for_patient(), there.count_for_patient(), at(held, LAST), windows(1, 0))

# reentry_into_foster_care
home = removal.where((removal.exit_type == "reunification") & removal.exited_on.is_during(INTERVAL))
last_home = home.sort_by(home.exited_on, home.removal).last_for_patient()
back = removal.where(
    (removal.removal != last_home.removal) & (removal.removed_on >= last_home.exited_on)
    & (removal.removed_on < plus(last_home.exited_on, 12)))
every_level(measures, "reentry_into_foster_care", back.exists_for_patient(), last_home.exists_for_patient(),
            at(held, last_home.exited_on - days(1)), windows(12, 12))

# reunification_within_12_months_entry
first_stay = removal.sort_by(removal.removed_on, removal.removal).first_for_patient()
stay_end = first_stay.exited_on.when_null_then(AS_OF + datetime.timedelta(days=1))
of_age = plus(child.born_on, 18 * 12)
year = plus(first_stay.removed_on, 12)
visit = placement.where(
    (placement.removal_id == first_stay.removal_id) & (placement.setting == "trial_home_visit")
    & (placement.ended_on == first_stay.exited_on) & (placement.started_on + days(30) < year))
in_time = (first_stay.exited_on < year) | (
    (first_stay.exited_on < plus(first_stay.removed_on, 18)) & visit.exists_for_patient())
every_level(
    measures, "reunification_within_12_months_entry",
    (first_stay.exit_type == "reunification") & in_time,
    first_stay.removed_on.is_during(INTERVAL) & ((stay_end - first_stay.removed_on).days >= 8) & (first_stay.removed_on < of_age),
    at(held, first_stay.removed_on), windows(6, 18))

# timely_contacts_cases
covering = services.where((services.opened_on <= FIRST) & after(services.closed_on, LAST)).count_for_patient()
seen = contact.where(contact.completed & contact.in_person & contact.contacted_on.is_during(INTERVAL)).exists_for_patient()
every_level(measures, "timely_contacts_cases", count_if(seen, covering), covering, at(held, LAST), windows(1, 0))

# timely_medical_exam: the table of ages and months cannot be asked, so it stands here. On the last day of a month the months
# of age are those of the calendar; `.months` says one less of those born on the 31st.
in_care = removal.where((removal.removed_on + days(31) <= LAST) & after(removal.exited_on, LAST)).count_for_patient()
age = (LAST.year - child.born_on.year) * 12 + LAST.month - child.born_on.month
DUE = [(0, 7, 2), (7, 19, 4), (19, 36, 6), (36, 264, 12)]


def examined_after(day):
    return exam.where((exam.kind == "medical") & (exam.examined_on <= LAST) & (exam.examined_on > day)).exists_for_patient()


in_time = case(*(when((age >= low) & (age < high)).then(examined_after(plus(LAST, -every))) for low, high, every in DUE), otherwise=False)
every_level(measures, "timely_medical_exam", count_if(in_time, in_care), in_care, at(held, LAST), windows(1, 0))

# workers_per_child
whole_year = removal.where((removal.removed_on <= FIRST) & after(removal.exited_on, LAST)).count_for_patient()
overlapping = assignment.where(
    (assignment.from_on <= LAST) & after(assignment.until_on, FIRST)
    & (assignment.until_on.is_null() | (assignment.until_on > assignment.from_on)))
every_level(measures, "workers_per_child", overlapping.worker_id.count_distinct_for_patient() * whole_year, whole_year, at(held, LAST),
            windows(12, 0))
