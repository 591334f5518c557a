"""Result rows of `yardstick scorecard` as the cells that `compare.py` expects: `county.py ROWS.csv > cells.tsv`."""

import csv
import sys

FIGURES = ("numerator", "denominator", "value", "state", "undetermined", "excluded", "unsure")


def main():
    # What the folder of the data withholds, a query does not.
    withheld = ("not_observable", "bad_data")
    for row in csv.DictReader(open(sys.argv[1], encoding="utf-8")):
        if row["state"] in withheld:
            sys.exit(f"{row['indicator']}: a cell is {row['state']}: take fewer months")
        key = [row[name] for name in ("indicator", "level", "entity_id", "window_start", "window_end")]
        print("\t".join(key + [row[name] for name in FIGURES]))


if __name__ == "__main__":
    main()
