"""What the definitions share: the windows, months as the indicators count them, and a measure for each level."""

import datetime

from ehrql import days, get_parameter, minimum_of, months

AS_OF = get_parameter("as_of", type=datetime.date.fromisoformat)
LEVELS = ["bureau", "office", "unit", "worker"]


def windows(size, wait):
    """The 24 windows of so many months that show when an outcome is known so many whole months later."""
    after = (AS_OF + datetime.timedelta(days=1)).replace(day=1)

    def first(back):
        year, month = divmod(after.year * 12 + after.month - 1 - back, 12)
        return datetime.date(year, month + 1, 1)

    return [(first(wait + back + size), first(wait + back) - datetime.timedelta(days=1)) for back in range(24)]


def plus(day, count):
    """So many months later, the last day of a month that is too short. ehrQL's own sum is then the first of the next month."""
    return minimum_of(day + months(count), day.to_first_of_month() + months(count + 1) - days(1))


def at(held, day):
    """Whose a row is on a day."""
    until = held.until_on.is_null() | (held.until_on > day)
    return held.where((held.from_on.is_null() | (held.from_on <= day)) & until).sort_by(held.from_on).first_for_patient()


def every_level(measures, name, numerator, denominator, holder, intervals):
    """A measure for each level. `holder` has the ids of who a row belongs to; a column of groups has one meaning in all measures."""
    measures.define_measure(f"{name}__department", numerator, denominator, intervals=intervals)
    for level in LEVELS:
        group = {f"{name}_{level}": getattr(holder, f"{level}_id")}
        measures.define_measure(f"{name}__{level}", numerator, denominator, group_by=group, intervals=intervals)
