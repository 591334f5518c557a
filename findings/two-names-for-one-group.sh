#!/bin/sh
# Finding: two measures that group by one column under two names are both empty, and nothing says so.
#
# What:     in ehrQL, measures with the same denominator and intervals are counted together. Where two of them group by the same column under
#           different names ("office" and "of_office"), the files of both have a header and no row, and the exit status is 0. With one name for
#           both, or with one of them alone, the counts are there. A measure whose denominator is 0 for a person also leaves out that
#           person's numerator: of three who left, one on the first day with no day of work, two are counted.
# Why care: an empty breakdown looks like "none", and who left on the first day is never counted as gone.
# Seen:     ehrQL at 350a1cc (29 June 2026), Python 3.13, on Linux.
# Guard:    a row is in a cell by its cohort, whatever its denominator (indicators/workforce/worker_turnover.ind, tests "gone on the first or the
#           last day" and "leaves on the day of hire"); benches/peers/ehrql/workers.py names each column of groups once.
#
# ehrQL is on no registry: EHRQL may name a folder with its source, PYTHON a Python 3.13. Prints the lines of each file; exit status 1 when
# they are others than were seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export PYTHONHASHSEED=0 PYTHONPATH="$folder"
"${PYTHON:-python3.13}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet "${EHRQL:-git+https://github.com/opensafely-core/ehrql@350a1ccd857960d6474f9b6d02cf3a8a4b5c89d3}"
mkdir "$folder/tables"
cat > "$folder/tables/person.csv" <<'CSV'
patient_id,office,days,left
1,O1,200,T
2,O1,0,T
3,O2,10,T
CSV
cat > "$folder/people.py" <<'PY'
from ehrql.tables import PatientFrame, Series, table


@table
class person(PatientFrame):
    office = Series(str)
    days = Series(int)
    left = Series(bool)
PY
for names in "office of_office" "office office" "office"; do
  set -- $names
  {
    echo 'from ehrql import create_measures, years'
    echo 'from people import person'
    echo 'measures = create_measures()'
    echo 'measures.configure_disclosure_control(enabled=False)'
    echo 'year = years(1).starting_on("2025-01-01")'
    echo "measures.define_measure('left', person.left, person.days, group_by={'$1': person.office}, intervals=year)"
    [ $# = 1 ] || echo "measures.define_measure('days', person.days, person.days, group_by={'$2': person.office}, intervals=year)"
  } > "$folder/definition.py"
  rm -rf "$folder/out"
  (cd "$folder" && venv/bin/ehrql generate-measures definition.py --dummy-tables tables --output out/:csv 2> log) || { cat "$folder/log"; exit 1; }
  echo "grouped by $names:"
  tail -n +2 -q "$folder"/out/*.csv
done | tee "$folder/said"
# No row at first; then both measures; then one, in which O1 has one of the two who left.
seen="grouped by office of_office:
grouped by office office:
2025-01-01,2025-12-31,1.0,200,200,O1
2025-01-01,2025-12-31,1.0,10,10,O2
2025-01-01,2025-12-31,0.005,1,200,O1
2025-01-01,2025-12-31,0.1,1,10,O2
grouped by office:
2025-01-01,2025-12-31,0.005,1,200,O1
2025-01-01,2025-12-31,0.1,1,10,O2"
[ "$(tr -d '\r' < "$folder/said")" = "$seen" ]
