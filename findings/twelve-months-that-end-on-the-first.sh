#!/bin/sh
# Finding: the last twelve months by month, asked of a semantic layer, are those that end on the first day of the month.
#
# What:     MetricFlow 0.213.0 makes a cumulative metric with `window: 12 months` for each day, and by month shows the value of the month's first
#           day (`period_agg: first`) under the name of the month: February 2025 is 2 February 2024 to 1 February 2025. With `period_agg: last` a
#           window goes to the month's end, and begins the day after the same day months before: twelve months to 28 February 2025 begin on
#           29 February 2024 (366 days), six on 29 August, and six to 30 April on 31 October. A time whose own grain is the month is counted right.
# Why care: a yearly share shown for a month lacks that month, and what fell on one day of a leap year counts in two years.
# Seen:     dbt-core 1.11.16, dbt-duckdb 1.11.1, dbt-metricflow 0.15.0, metricflow 0.213.0, duckdb 2.0.1, Python 3, on Linux.
# Guard:    a window is whole months by their number and says its last day in every result (grammar/README.md, section 6); the comparison with
#           MetricFlow gives it months, not days (benches/peers/metricflow/project/models/exits.sql).
#
# Prints what it counts; exit status 1 when that is something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export DBT_PROFILES_DIR="$folder/project" DBT_SEND_ANONYMOUS_USAGE_STATS=false DO_NOT_TRACK=1
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet dbt-core==1.11.16 dbt-duckdb==1.11.1 dbt-metricflow==0.15.0 metricflow==0.213.0 duckdb==2.0.1
mkdir -p "$folder/project/models"
cd "$folder/project"
cat > dbt_project.yml <<'YAML'
name: windows
version: 1.0.0
profile: windows
models: {windows: {+materialized: table}}
YAML
cat > profiles.yml <<YAML
windows: {target: here, outputs: {here: {type: duckdb, path: "$folder/windows.duckdb"}}}
YAML
# One row a day, so that a count is the length of a window.
cat > models/days.sql <<'SQL'
SELECT day::DATE AS on_day FROM generate_series(DATE '2023-01-01', DATE '2025-12-31', INTERVAL 1 DAY) AS t(day)
SQL
cat > models/events.sql <<'SQL'
SELECT on_day, date_trunc('month', on_day)::DATE AS on_month FROM {{ ref('days') }}
SQL
cat > models/semantics.yml <<'YAML'
models:
  - name: days
    time_spine: {standard_granularity_column: on_day}
    columns: [{name: on_day, granularity: day}]
semantic_models:
  - name: events
    model: ref('events')
    defaults: {agg_time_dimension: on_day}
    primary_entity: event
    dimensions:
      - {name: on_day, type: time, type_params: {time_granularity: day}}
      - {name: on_month, type: time, type_params: {time_granularity: month}}
    measures:
      - {name: rows_of_day, agg: sum, expr: "1"}
      - {name: rows_of_month, agg: sum, expr: "1", agg_time_dimension: on_month}
      - {name: first_day, agg: min, expr: on_day}
metrics:
  - {name: twelve, label: t, type: cumulative, type_params: {measure: rows_of_day, cumulative_type_params: {window: 12 months}}}
  - {name: twelve_start, label: y, type: cumulative, type_params: {measure: first_day, cumulative_type_params: {window: 12 months}}}
  - {name: twelve_last, label: l, type: cumulative, type_params: {measure: rows_of_day, cumulative_type_params: {window: 12 months, period_agg: last}}}
  - {name: six_last, label: h, type: cumulative, type_params: {measure: rows_of_day, cumulative_type_params: {window: 6 months, period_agg: last}}}
  - {name: six_last_start, label: s, type: cumulative, type_params: {measure: first_day, cumulative_type_params: {window: 6 months, period_agg: last}}}
  - {name: whole_months, label: m, type: cumulative, type_params: {measure: rows_of_month, cumulative_type_params: {window: 12 months}}}
YAML
"$folder/venv/bin/dbt" --quiet run
names=twelve,twelve_start,twelve_last,six_last,six_last_start,whole_months
"$folder/venv/bin/mf" query --metrics $names --group-by metric_time__month --csv "$folder/said.csv" --quiet
"$folder/venv/bin/python" - "$folder/said.csv" <<'PY'
import csv
import sys

said = {row["metric_time__month"][:7]: row for row in csv.DictReader(open(sys.argv[1]))}
names = "twelve,twelve_start,twelve_last,six_last,six_last_start,whole_months".split(",")
found = {month: [said[month][name][:10] for name in names] for month in ("2025-02", "2025-04")}
for month, values in found.items():
    print(month, ", ".join(f"{name} {value}" for name, value in zip(names, values)))
seen = {
    "2025-02": ["366", "2024-02-02", "366", "184", "2024-08-29", "365"],
    "2025-04": ["365", "2024-04-02", "365", "182", "2024-10-31", "365"],
}
sys.exit(0 if found == seen else 1)
PY
