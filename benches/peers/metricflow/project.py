"""The indicators by a dbt project and MetricFlow: `project.py DATA OUT --bin FOLDER`, with `dbt` and `mf` in the folder. Writes OUT/<indicator>.csv.

The models are made of the queries in ../sql, which end with rows counted for each window and each worker in a unit; MetricFlow adds
up, goes to the levels, and divides. Of two indicators it also makes the windows: see OWN.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import duckdb  # noqa: E402

from duckdb_sql import INDICATORS, SQL  # noqa: E402

# Median and windows over the exits themselves; a month of reports.
OWN = ["median_days_in_care", "timely_response_five_day"]
LEVELS = {"department": None, "bureau": "place__bureau_id", "office": "place__office_id", "unit": "place__unit_id",
          "worker": "place__worker_id"}
TIMES = {"maltreatment_in_care_rate": 100_000, "workers_per_child": 1, "median_days_in_care": 1}
# Windows end so many months before the as-of date.
WAIT = re.compile(r"windows\(\d+, (\d+)\)")


def asked(text):
    """A query in which what a connection would know is written out by dbt."""
    text = re.sub(r"getvariable\('data'\) \|\| '([^']*)'", r"""'{{ var("data") }}\1'""", text)
    return text.replace("getvariable('as_of')", """DATE '{{ var("as_of") }}'""")


def models(folder):
    """The models of what all need, and of each indicator, and the macros as hooks."""
    shared = asked((SQL / "county.sql").read_text())
    statements = [part.strip() for part in re.sub(r"^--.*\n", "", shared, flags=re.M).split(";") if part.strip()]
    hooks, base = [], []
    for text in statements:
        kind, name, body = re.match(r'CREATE (?:TEMP )?(VIEW|TABLE|MACRO) "?(\w+)"?(.*)', text, re.S).groups()
        if kind == "MACRO":
            hooks.append(text.replace("CREATE MACRO", "CREATE OR REPLACE MACRO"))
            continue
        head = '{{ config(materialized="view") }}\n' if kind == "VIEW" else ""
        before = " ".join(f"{{{{ ref('{other}') }}}}" for other in base)
        body = re.sub(r"^\s*AS\s+", "", body)
        (folder / "models" / f"{name}.sql").write_text(f"{head}-- depends_on: {before}\n{body}\n")
        base.append(name)
    before = " ".join(f"{{{{ ref('{other}') }}}}" for other in base)
    for name in INDICATORS:
        query = asked((SQL / f"{name}.sql").read_text())
        if name not in OWN[:1]:
            query = query[:query.index("SELECT level_of(")] + "SELECT last_day, place, above, below FROM counted\n"
            (folder / "models" / f"{name}.sql").write_text(f"-- depends_on: {before}\n{query}")
    (folder / "macros").mkdir()
    (folder / "macros" / "windows.sql").write_text("{% macro shared() %}\n" + ";\n".join(hooks) + "\n{% endmacro %}\n")
    with (folder / "dbt_project.yml").open("a") as file:
        file.write('on-run-start: ["{{ shared() }}"]\n')


def semantics(folder):
    """What MetricFlow is told: a model of workers in units, one of each indicator, and the metrics."""
    lines = ["semantic_models:", "  - name: place", "    model: ref('place')",
             "    entities: [{name: place, type: primary}]", "    dimensions:"]
    lines += [f"      - {{name: {level}_id, type: categorical}}" for level in list(LEVELS)[1:]]
    for name in INDICATORS:
        if name == OWN[0]:
            lines += [f"  - name: {name}", "    model: ref('exits')", "    defaults: {agg_time_dimension: exited_month}",
                      "    entities: [{name: place, type: foreign}]", "    primary_entity: stay",
                      "    dimensions: [{name: exited_month, type: time, type_params: {time_granularity: month}}]", "    measures:",
                      "      - {name: days_of_exits, agg: median, expr: CASE WHEN days >= 8 THEN days END}",
                      "      - {name: exits, agg: sum, expr: CASE WHEN days >= 8 THEN 1 ELSE 0 END}"]
            continue
        lines += [f"  - name: {name}", f"    model: ref('{name}')", "    defaults: {agg_time_dimension: last_day}",
                  "    entities: [{name: place, type: foreign}]", f"    primary_entity: {name}_row",
                  "    dimensions: [{name: last_day, type: time, type_params: {time_granularity: day}}]", "    measures:",
                  f"      - {{name: {name}_above_sum, agg: sum, expr: above}}", f"      - {{name: {name}_below_sum, agg: sum, expr: below}}"]
    lines.append("metrics:")

    def metric(name, kind, **params):
        shown = ", ".join(f"{key}: {value}" for key, value in params.items())
        lines.append(f"  - {{name: {name}, label: {name}, type: {kind}, type_params: {{{shown}}}}}")

    for name in INDICATORS:
        if name == OWN[0]:
            year = "{window: 12 months}"
            metric(name, "cumulative", measure="days_of_exits", cumulative_type_params=year)
            metric(f"{name}_below", "cumulative", measure="exits", cumulative_type_params=year)
            continue
        metric(f"{name}_above", "simple", measure=f"{name}_above_sum")
        metric(f"{name}_below", "simple", measure=f"{name}_below_sum")
        metric(name, "ratio", numerator=f"{name}_above", denominator=f"{name}_below")
    lines += ["models:", "  - name: days", "    time_spine: {standard_granularity_column: date_day}",
              "    columns: [{name: date_day, granularity: day}]", "  - name: months",
              "    time_spine: {standard_granularity_column: date_month}", "    columns: [{name: date_month, granularity: month}]"]
    (folder / "models" / "semantics.yml").write_text("\n".join(lines) + "\n")


def metrics(names):
    every = [[name, f"{name}_below"] + ([f"{name}_above"] if name != OWN[0] else []) for name in names]
    return [metric for each in every for metric in each]


def written(out, work, as_of):
    """OUT/<indicator>.csv of what the queries of all levels gave."""
    db = duckdb.connect()
    for name in INDICATORS:
        wait = int(WAIT.search((SQL / f"{name}.sql").read_text())[1])
        parts = []
        for level, dimension in LEVELS.items():
            entity = f"coalesce({dimension}, 'unassigned')" if dimension else "'department'"
            above = f"{name}_above::DOUBLE" if name != OWN[0] else "NULL::DOUBLE"
            parts.append(f"""
                SELECT '{level}' AS level, {entity} AS entity_id, last_day(metric_time__month::DATE) AS window_end,
                       {above} AS numerator, {name}_below::DOUBLE AS denominator,
                       {name}::DOUBLE * {TIMES.get(name, 100)} AS value
                FROM read_csv('{work}/{level}.csv', all_varchar = true)
                WHERE {name}_below IS NOT NULL""")
        db.execute(f"""
            COPY (FROM ({" UNION ALL ".join(parts)})
                  WHERE window_end < date_trunc('month', DATE '{as_of}' + 1) - to_months({wait})
                    AND window_end >= date_trunc('month', DATE '{as_of}' + 1) - to_months({wait + 24}))
            TO '{out}/{name}.csv' (HEADER)""")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--bin", type=Path, required=True, help="the folder of dbt and mf")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    data, out = args.data.resolve(), args.out.resolve()
    as_of = tomllib.loads((data / "dataset.toml").read_text())["as_of"]
    work = out / "project"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(HERE / "project", work)
    models(work)
    semantics(work)
    environment = {**os.environ, "COUNTY_DATABASE": str(out / "county.duckdb"), "COUNTY_THREADS": str(args.threads),
                   "DBT_PROFILES_DIR": str(work), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"}
    Path(environment["COUNTY_DATABASE"]).unlink(missing_ok=True)

    def run(program, *words):
        subprocess.run([str(args.bin / program), *words], cwd=work, env=environment, check=True, stdout=sys.stderr)

    values = f"{{as_of: '{as_of}', data: '{data}'}}"
    run("dbt", "run", "--vars", values)
    for level, dimension in LEVELS.items():
        groups = "metric_time__month" + (f",{dimension}" if dimension else "")
        run("mf", "query", "--metrics", ",".join(metrics(INDICATORS)), "--group-by", groups, "--csv", f"{work}/{level}.csv", "--quiet")
    written(out, work, as_of)


if __name__ == "__main__":
    main()
