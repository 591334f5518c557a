"""The tables that tables.py writes, of children, of stays and of workers.

ehrQL takes what a definition says back as text, and then looks for its tables by their modules: they cannot stand in the
definition itself, and their folder must be in PYTHONPATH.
"""

import datetime

from ehrql.tables import EventFrame, PatientFrame, Series, table


@table
class child(PatientFrame):
    born_on = Series(datetime.date)


@table
class held(EventFrame):
    from_on = Series(datetime.date)
    until_on = Series(datetime.date)
    worker_id = Series(str)
    unit_id = Series(str)
    office_id = Series(str)
    bureau_id = Series(str)


@table
class allegation(EventFrame):
    received_on = Series(datetime.date)
    received_order = Series(int)
    response = Series(str)
    disposition = Series(str)
    worker_id = Series(str)
    unit_id = Series(str)
    office_id = Series(str)
    bureau_id = Series(str)


@table
class removal(EventFrame):
    removal = Series(int)
    removal_id = Series(str)
    removed_on = Series(datetime.date)
    exited_on = Series(datetime.date)
    exit_type = Series(str)


@table
class placement(EventFrame):
    removal_id = Series(str)
    home_id = Series(str)
    started_on = Series(datetime.date)
    ended_on = Series(datetime.date)
    setting = Series(str)


@table
class services(EventFrame):
    opened_on = Series(datetime.date)
    closed_on = Series(datetime.date)


@table
class contact(EventFrame):
    contacted_on = Series(datetime.date)
    in_person = Series(bool)
    completed = Series(bool)


@table
class exam(EventFrame):
    kind = Series(str)
    examined_on = Series(datetime.date)


@table
class assignment(EventFrame):
    worker_id = Series(str)
    from_on = Series(datetime.date)
    until_on = Series(datetime.date)


@table
class stay(PatientFrame):
    removed_on = Series(datetime.date)
    exited_on = Series(datetime.date)


@table
class worker(PatientFrame):
    worker_id = Series(str)
    hired_on = Series(datetime.date)
    separated_on = Series(datetime.date)
    position = Series(str)


@table
class post(EventFrame):
    from_on = Series(datetime.date)
    until_on = Series(datetime.date)
    unit_id = Series(str)
    office_id = Series(str)
    bureau_id = Series(str)
