"""Measures of children by their reports, each child a patient: see children.py. A definition of its own, for a second core."""

from ehrql import INTERVAL, create_measures, days

from county import allegation, removal
from levels import every_level, plus, windows

measures = create_measures()
measures.configure_disclosure_control(enabled=False)

# foster_care_entry
in_window = allegation.where(allegation.received_on.is_during(INTERVAL))
reported = in_window.where(in_window.response != "evaluated_out")
report = reported.sort_by(reported.received_order).first_for_patient()
entered = removal.where(removal.removed_on.is_during(INTERVAL) & (removal.removed_on >= report.received_on))
every_level(measures, "foster_care_entry", entered.exists_for_patient(), report.exists_for_patient(), report, windows(12, 0))

# no_recurrence_of_maltreatment: what nobody has decided yet leaves it open whether there was another, and is not met.
in_window = allegation.where(allegation.received_on.is_during(INTERVAL))
found = in_window.where(in_window.disposition == "substantiated")
first_found = found.sort_by(found.received_order).first_for_patient()
again = allegation.where(
    (allegation.disposition.is_null() | (allegation.disposition == "substantiated"))
    & (allegation.received_on > first_found.received_on + days(14))
    & (allegation.received_on < plus(first_found.received_on, 6)))
every_level(measures, "no_recurrence_of_maltreatment", ~again.exists_for_patient(), first_found.exists_for_patient(), first_found,
            windows(6, 6))
