"""The indicators of `sql/` as Polars lazy frames: `polars_frames.py DATA OUT`. Writes OUT/<indicator>.csv.

POLARS_MAX_THREADS says how many threads are used.
"""

import argparse
import time
import tomllib
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from polars import col

FAR, EARLY = date(9999, 12, 31), date(1, 1, 1)
IDS = ["bureau_id", "office_id", "unit_id", "worker_id"]


class County:
    """The tables of a folder, and what the indicators share."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.as_of = tomllib.loads((self.folder / "dataset.toml").read_text())["as_of"]
        self.post = self._post().collect().lazy()
        self.held = self._held().collect().lazy()

    def scan(self, table):
        return pl.scan_parquet(self.folder / f"{table}.parquet")

    def stays(self, table, end):
        """A table whose missing end is a day far away."""
        return self.scan(table).with_columns(col(end).fill_null(FAR))

    def _post(self):
        """Where a worker sits, day by day, gaps included."""
        stay = (
            self.stays("worker_unit", "until_on")
            .filter(col("until_on") > col("from_on"))
            .join(self.scan("unit").select("unit_id", "office_id"), on="unit_id")
            .join(self.scan("office").select("office_id", "bureau_id"), on="office_id")
            .select("worker_id", *IDS[:3], "from_on", "until_on")
        )
        nowhere = [pl.lit(None, pl.String).alias(name) for name in IDS[:3]]
        before = (
            self.scan("worker").select("worker_id")
            .join(stay.group_by("worker_id").agg(until_on=col("from_on").min()), on="worker_id", how="left")
            .select("worker_id", *nowhere, from_on=pl.lit(EARLY), until_on=col("until_on").fill_null(FAR))
        )
        after = (
            stay.sort("from_on")
            .select("worker_id", from_on=col("until_on"), until_on=col("from_on").shift(-1).over("worker_id").fill_null(FAR))
            .filter(col("from_on") < col("until_on"))
            .select("worker_id", *nowhere, "from_on", "until_on")
        )
        return pl.concat([stay, before, after]).sort("from_on")

    def _held(self):
        """Whose a child is, day by day: the worker responsible, and where the worker sits."""
        return (
            self.stays("assignment", "until_on")
            .filter(col("until_on") > col("from_on"))
            .join(self.post, on="worker_id", suffix="_post")
            .filter(col("from_on_post") < col("until_on"), col("until_on_post") > col("from_on"))
            .select("child_id", *IDS,
                    from_on=pl.max_horizontal("from_on", "from_on_post"), until_on=pl.min_horizontal("until_on", "until_on_post"))
            .sort("from_on")
        )

    def windows(self, months, wait):
        """The 24 windows of so many months that show when an outcome is known so many whole months later."""
        last = (self.as_of + timedelta(days=1)).replace(day=1)
        next_day = pl.select(
            pl.lit(last).dt.offset_by(pl.format("-{}mo", pl.int_range(wait, wait + 24))).alias("next_day"))
        return next_day.select(
            col("next_day").dt.offset_by(f"-{months}mo").alias("first_day"),
            (col("next_day") - pl.duration(days=1)).alias("last_day"), "next_day")

    def holder(self, frame, by, day="day"):
        """Adds who holds a row on a day: the holder of its child, or of its worker."""
        other = self.held if by == "child_id" else self.post
        lost = col(day) >= col("until_on")
        found = IDS if by == "child_id" else IDS[:3]
        return (
            frame.sort(day)
            .join_asof(other, left_on=day, right_on="from_on", by=by, strategy="backward", check_sortedness=False)
            .with_columns(pl.when(~lost).then(col(name)).alias(name) for name in found)
        )


def in_window(windows, day="day"):
    return col(day) >= col("first_day"), col(day) <= col("last_day")


def levels(rows, *measures):
    """Cells of every level."""
    def cells(level):
        entity = pl.lit("department") if level == "department" else col(f"{level}_id").fill_null("unassigned")
        return rows.group_by("last_day", entity.alias("entity_id")).agg(*measures).with_columns(level=pl.lit(level))
    return pl.concat([cells(level) for level in ["department", "bureau", "office", "unit", "worker"]])


def written(cells, numerator, denominator, value):
    return cells.select("level", "entity_id", col("last_day").alias("window_end"),
                        numerator=numerator, denominator=denominator, value=value)


def ratio(cohort, numerator, denominator, times):
    """Cells of sums over sums: summed for the smallest entities first, then upwards."""
    least = cohort.group_by("last_day", *IDS).agg(numerator.alias("above"), denominator.alias("below"))
    above, below = col("above"), col("below")
    return written(levels(least, above.sum(), below.sum()), above, below,
                   pl.when(below > 0).then(times * above / below))


def share(cohort):
    return ratio(cohort, col("met").sum(), pl.len(), 100.0)


def foster_care_entry(county):
    windows = county.windows(12, 0)
    # A child's report is the first of a window when the one before it lies before the window.
    report = (
        county.scan("allegation").select("child_id", "referral_id")
        .join(county.scan("referral")
              .filter(col("response") != "evaluated_out", col("received_at").dt.date() >= windows["first_day"].min())
              .select("referral_id", "worker_id", "received_at"), on="referral_id")
        .sort("received_at", "referral_id")
        .with_columns(day=col("received_at").dt.date())
        .with_columns(day_before=col("day").shift().over("child_id").fill_null(EARLY))
        .filter(col("day_before") < col("day"))
    )
    entry = county.scan("removal").select("child_id", "removed_on").sort("removed_on")
    entered = report.sort("day").join_asof(
        entry, left_on="day", right_on="removed_on", by="child_id", strategy="forward", check_sortedness=False)
    return share(
        county.holder(entered.select("worker_id", "day", "day_before", "removed_on"), "worker_id")
        .join_where(windows.lazy(), *in_window(windows), col("day_before") < col("first_day"))
        .with_columns(met=(col("removed_on") <= col("last_day")).fill_null(False)))


def no_recurrence_of_maltreatment(county):
    windows = county.windows(6, 6)
    told = (
        county.scan("allegation").filter((col("disposition") == "substantiated") | col("disposition").is_null())
        .select("child_id", "referral_id", "disposition")
        .join(county.scan("referral").filter(col("received_at").dt.date() >= windows["first_day"].min())
              .select("referral_id", "worker_id", "received_at"), on="referral_id")
        .sort("received_at", "referral_id")
        .with_columns(day=col("received_at").dt.date())
    )
    report = (
        told.filter(col("disposition") == "substantiated")
        .with_columns(day_before=col("day").shift().over("child_id").fill_null(EARLY), day_15=col("day") + pl.duration(days=15))
        .filter(col("day_before") < col("day"))
    )
    # What nobody has decided yet leaves it open whether there was another: not met.
    judged = report.join_asof(
        told.select("child_id", next_day_told="day"), left_on="day_15", right_on="next_day_told", by="child_id",
        strategy="forward", check_sortedness=False,
    ).with_columns(met=(col("next_day_told") >= col("day").dt.offset_by("6mo")).fill_null(True))
    return share(
        county.holder(judged.select("worker_id", "day", "day_before", "met"), "worker_id")
        .join_where(windows.lazy(), *in_window(windows), col("day_before") < col("first_day")))


def reunification_within_12_months_entry(county):
    windows = county.windows(6, 18)
    year = col("removed_on").dt.offset_by("12mo")
    first_ever = (
        county.scan("removal").sort("removed_on", "removal_id").unique("child_id", keep="first", maintain_order=True)
        .filter(col("removed_on") >= windows["first_day"].min(), col("removed_on") <= windows["last_day"].max())
        .join(county.scan("child").select("child_id", "born_on"), on="child_id")
        .filter(
            (col("exited_on").fill_null(county.as_of + timedelta(days=1)) - col("removed_on")) >= pl.duration(days=8),
            col("removed_on") < col("born_on").dt.offset_by("18y"))
    )
    visit = (
        county.scan("placement").filter(col("setting") == "trial_home_visit").select("removal_id", "started_on", "ended_on")
        .join(first_ever, left_on=["removal_id", "ended_on"], right_on=["removal_id", "exited_on"])
        .filter(col("started_on") + pl.duration(days=30) < year, col("ended_on") < col("removed_on").dt.offset_by("18mo"))
        .select("removal_id", visited=pl.lit(True)).unique()
    )
    judged = first_ever.join(visit, on="removal_id", how="left").select(
        "child_id", day="removed_on",
        met=(col("exit_type").eq_missing("reunification")
             & ((col("exited_on") < year).fill_null(False) | col("visited").fill_null(False))))
    return share(county.holder(judged, "child_id").join_where(windows.lazy(), *in_window(windows)))


def reentry_into_foster_care(county):
    windows = county.windows(12, 12)
    removal = county.scan("removal")
    # An exit is the child's last of a window when the next one lies after the window.
    out = (
        removal.filter(col("exit_type") == "reunification", col("exited_on").is_not_null())
        .sort("exited_on", "removal_id")
        .select("removal_id", "child_id", "exited_on", next_exit=col("exited_on").shift(-1).over("child_id").fill_null(FAR))
        .filter(col("exited_on") >= windows["first_day"].min(), col("exited_on") <= windows["last_day"].max())
    )
    back = (
        out.join(removal.select("child_id", "removed_on", later="removal_id"), on="child_id")
        .filter(col("later") != col("removal_id"), col("removed_on") >= col("exited_on"),
                col("removed_on") < col("exited_on").dt.offset_by("12mo"))
        .select("removal_id", met=pl.lit(True)).unique()
    )
    judged = out.join(back, on="removal_id", how="left").with_columns(
        met=col("met").fill_null(False), day=col("exited_on") - pl.duration(days=1))
    return share(
        county.holder(judged, "child_id")
        .join_where(windows.lazy(), *in_window(windows, "exited_on"), col("next_exit") > col("last_day")))


def placed(county, windows, *columns):
    """Placements open on the windows' last days."""
    return (
        county.stays("placement", "ended_on").filter(col("ended_on") > windows["last_day"].min())
        .select("child_id", "started_on", "ended_on", *columns)
        .join_where(windows.lazy(), col("started_on") <= col("last_day"), col("ended_on") > col("last_day"))
    )


def placement_with_relatives(county):
    there = placed(county, county.windows(1, 0), "setting").select(
        "child_id", "last_day", met=col("setting").is_in(["relative", "nonrelated_extended_family"]))
    return share(county.holder(there, "child_id", "last_day"))


def timely_response_five_day(county):
    windows = county.windows(1, 1)
    holidays = county.scan("holiday").collect()["day"]
    judged = (
        county.scan("referral")
        .filter(col("response") == "five_day", col("received_at").dt.date() >= windows["first_day"].min(),
                col("received_at").dt.date() <= windows["last_day"].max())
        .select("worker_id", day=col("received_at").dt.date(),
                answered_on=pl.min_horizontal("first_attempt_at", "first_contact_at").dt.date())
        .with_columns(
            last_day=col("day").dt.month_end(),
            met=(col("answered_on") <= col("day").dt.add_business_days(5, holidays=holidays, roll="backward")).fill_null(False))
    )
    return share(county.holder(judged, "worker_id"))


def timely_contacts_cases(county):
    windows = county.windows(1, 0)
    seen = (
        county.scan("contact")
        .filter(col("completed"), col("in_person"), col("contacted_on") >= windows["first_day"].min(),
                col("contacted_on") <= windows["last_day"].max())
        .select("child_id", last_day=col("contacted_on").dt.month_end()).unique()
        .with_columns(met=pl.lit(True))
    )
    open_all_month = (
        county.stays("case", "closed_on").filter(col("closed_on") > windows["last_day"].min())
        .select("child_id", "opened_on", "closed_on")
        .join_where(windows.lazy(), col("opened_on") <= col("first_day"), col("closed_on") > col("last_day"))
        .join(seen, on=["child_id", "last_day"], how="left")
        .select("child_id", "last_day", col("met").fill_null(False))
    )
    return share(county.holder(open_all_month, "child_id", "last_day"))


def median_days_in_care(county):
    windows = county.windows(12, 0)
    out = (
        county.scan("removal")
        .filter(col("exited_on") >= windows["first_day"].min(), col("exited_on") <= windows["last_day"].max())
        .select("child_id", day=col("exited_on") - pl.duration(days=1), exited_on="exited_on",
                days=(col("exited_on") - col("removed_on")).dt.total_days())
        .filter(col("days") >= 8)
    )
    rows = county.holder(out, "child_id").join_where(windows.lazy(), *in_window(windows, "exited_on"))
    return written(levels(rows, col("days").median().alias("value"), pl.len().alias("below")),
                   pl.lit(None), col("below"), col("value"))


def placement_stability_0_12(county):
    windows = county.windows(12, 0)
    # The day on which a third home came: from then on there were more than two.
    third = (
        county.scan("placement").filter(~col("setting").is_in(["trial_home_visit", "runaway", "hospital"]))
        .group_by("removal_id", "home_id").agg(col("started_on").min())
        .group_by("removal_id").agg(third_home_on=col("started_on").bottom_k(3).max(), homes=pl.len())
        .filter(col("homes") >= 3)
    )
    stay = (
        county.stays("removal", "exited_on")
        .filter(col("exited_on") > windows["first_day"].min(),
                col("removed_on") > windows["first_day"].dt.offset_by("-12mo").min())
        .join(third, on="removal_id", how="left")
        .select("child_id", "removed_on", "exited_on", col("third_home_on").fill_null(FAR))
        .join_where(windows.lazy(), col("removed_on") <= col("last_day"), col("exited_on") > col("first_day"))
        .with_columns(stay_end=pl.min_horizontal("exited_on", "next_day"))
        .filter(col("stay_end") < col("removed_on").dt.offset_by("12mo"),
                (col("stay_end") - col("removed_on")) >= pl.duration(days=8))
        .select("child_id", "last_day", day=col("stay_end") - pl.duration(days=1), met=col("third_home_on") >= col("stay_end"))
    )
    return share(county.holder(stay, "child_id"))


def sibling_placement(county):
    there = placed(county, county.windows(1, 0), "home_id").select("child_id", "last_day", "home_id").unique()
    theirs = there.select("last_day", sibling_id="child_id", home_id="home_id")
    own = there.with_columns(together=pl.lit(True))
    judged = (
        there.select("child_id", "last_day").unique()
        .join(county.scan("sibling"), on="child_id")
        .join(theirs, on=["sibling_id", "last_day"])
        .join(own, on=["child_id", "last_day", "home_id"], how="left")
        .group_by("child_id", "last_day").agg(met=col("together").is_not_null().all())
    )
    return share(county.holder(judged, "child_id", "last_day"))


def maltreatment_in_care_rate(county):
    windows = county.windows(12, 1)
    stay = (
        county.scan("removal")
        .select("child_id", "removed_on", end_on=col("exited_on").fill_null(county.as_of + timedelta(days=1)))
        .filter(col("end_on") > col("removed_on"))
    )
    long_stay = stay.filter((col("end_on") - col("removed_on")) >= pl.duration(days=8))
    # Stays that overlap are one, so that no day counts twice.
    joined = (
        long_stay.sort("child_id", "removed_on", "end_on")
        .with_columns(fresh=col("removed_on") > col("end_on").cum_max().shift().over("child_id"))
        .with_columns(island=col("fresh").fill_null(True).cum_sum())
        .group_by("child_id", "island").agg(col("removed_on").min(), col("end_on").max())
    )
    told = (
        county.scan("allegation").filter((col("disposition") == "substantiated") | col("disposition").is_null())
        .select("child_id", "referral_id", "disposition", "incident_on")
        .join(long_stay, on="child_id", how="semi")
        .join(county.scan("referral").select("referral_id", day=col("received_at").dt.date()), on="referral_id")
    )
    event = (
        told.filter(col("disposition") == "substantiated")
        .join(long_stay, on="child_id")
        .filter(col("day") >= col("removed_on") + pl.duration(days=7), col("day") < col("end_on"),
                col("incident_on").is_null()
                | ((col("incident_on") >= col("removed_on")) & (col("incident_on") < col("end_on"))))
        .select("child_id", "day").unique()
        .join(told.select("child_id", day=col("day") + pl.duration(days=1)), on=["child_id", "day"], how="anti")
    )
    overlapping = col("removed_on") <= col("last_day"), col("end_on") > col("first_day")
    # The last day of care in the window is of any stay, also of a short one.
    last_care = (
        stay.join_where(windows.lazy(), *overlapping)
        .group_by("child_id", "last_day")
        .agg(day=pl.min_horizontal(col("end_on") - pl.duration(days=1), col("last_day")).max())
    )
    in_care = (
        joined.join_where(windows.lazy(), *overlapping)
        .group_by("child_id", "last_day")
        .agg(days=(pl.min_horizontal("end_on", "next_day") - pl.max_horizontal("removed_on", "first_day")).dt.total_days().sum())
    )
    reported = (
        event.join_where(windows.lazy(), *in_window(windows))
        .group_by("child_id", "last_day").agg(reports=pl.len())
    )
    key = ["child_id", "last_day"]
    rows = in_care.join(last_care, on=key).join(reported, on=key, how="left").with_columns(col("reports").fill_null(0))
    return ratio(county.holder(rows, "child_id"), col("reports").sum(), col("days").sum(), 100_000.0)


def worker_turnover(county):
    windows = county.windows(12, 0)
    staff = (
        county.stays("worker", "separated_on")
        .filter(col("position").is_in(["investigator", "case_carrying"]))
        .select("worker_id", "hired_on", "separated_on")
        .join_where(windows.lazy(), col("hired_on") <= col("last_day"), col("separated_on") >= col("first_day"))
        .with_columns(
            day=pl.min_horizontal("separated_on", "next_day") - pl.duration(days=1),
            met=col("separated_on") <= col("last_day"),
            days=(pl.min_horizontal("separated_on", "next_day") - pl.max_horizontal("hired_on", "first_day")).dt.total_days(),
            all_days=(col("next_day") - col("first_day")).dt.total_days())
    )
    return ratio(county.holder(staff, "worker_id"), col("met").sum(), (col("days") / col("all_days")).sum(), 100.0)


def workers_per_child(county):
    windows = county.windows(12, 0)
    key = ["removal_id", "child_id", "last_day"]
    stay = (
        county.stays("removal", "exited_on").select("removal_id", "child_id", "removed_on", "exited_on")
        .join_where(windows.lazy(), col("removed_on") <= col("first_day"), col("exited_on") > col("last_day"))
        .select(*key, "first_day")
    )
    workers = (
        stay.join(county.stays("assignment", "until_on").filter(col("until_on") > col("from_on")), on="child_id")
        .filter(col("from_on") <= col("last_day"), col("until_on") > col("first_day"))
        .group_by(key).agg(workers=col("worker_id").n_unique())
    )
    rows = stay.join(workers, on=key, how="left").select("child_id", "last_day", col("workers").fill_null(0))
    return ratio(county.holder(rows, "child_id", "last_day"), col("workers").sum(), pl.len(), 1.0)


def timely_medical_exam(county):
    windows = county.windows(1, 0)
    # For each age in months and each last day: the exam must be later than this.
    limit = (
        county.scan("exam_schedule").filter(col("kind") == "medical")
        .select(age=pl.int_ranges("from_months", "to_months"), every="every_months").explode("age")
        .join(windows.lazy(), how="cross")
        .group_by("age", "last_day").agg(col("every").max())
        .select(col("age").cast(pl.Int32), "last_day", after=col("last_day").dt.offset_by(pl.format("-{}mo", "every")))
    )
    # On the last day of a month the months of age are those of the calendar.
    age = ((col("last_day").dt.year() - col("born_on").dt.year()) * 12
           + col("last_day").dt.month().cast(pl.Int32) - col("born_on").dt.month().cast(pl.Int32))
    stay = (
        county.stays("removal", "exited_on").select("child_id", "removed_on", "exited_on")
        .filter(col("exited_on") > windows["last_day"].min())
        .join(county.scan("child").select("child_id", "born_on"), on="child_id")
        .with_columns(day_31=col("removed_on") + pl.duration(days=31))
        .join_where(windows.lazy(), col("day_31") <= col("last_day"), col("exited_on") > col("last_day"))
        .with_columns(age=age)
        .join(limit, on=["age", "last_day"], how="left")
        .select("child_id", "last_day", "after")
    )
    exam = county.scan("exam").filter(col("kind") == "medical").select("child_id", "examined_on").sort("examined_on")
    judged = (
        stay.sort("last_day")
        .join_asof(exam, left_on="last_day", right_on="examined_on", by="child_id", strategy="backward", check_sortedness=False)
        .select("child_id", "last_day", met=(col("examined_on") > col("after")).fill_null(False))
    )
    return share(county.holder(judged, "child_id", "last_day"))


INDICATORS = [
    foster_care_entry, maltreatment_in_care_rate, median_days_in_care, no_recurrence_of_maltreatment, placement_stability_0_12,
    placement_with_relatives, reentry_into_foster_care, reunification_within_12_months_entry, sibling_placement,
    timely_contacts_cases, timely_medical_exam, timely_response_five_day, worker_turnover, workers_per_child,
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--times", action="store_true", help="print the time of each indicator")
    parser.add_argument("--engine", choices=["streaming", "in-memory"], default="streaming")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    county = County(args.data)
    for indicator in INDICATORS:
        start = time.perf_counter()
        indicator(county).collect(engine=args.engine).write_csv(args.out / f"{indicator.__name__}.csv")
        if args.times:
            print(f"{indicator.__name__:<40} {time.perf_counter() - start:6.2f} s")


if __name__ == "__main__":
    main()
