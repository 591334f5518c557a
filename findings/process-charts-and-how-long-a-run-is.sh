#!/bin/sh
# Finding: two packages for control charts judge one series differently, and neither by the run lengths of NHS England's package.
#
# What:     NHSRplotthedots 0.2, the package of NHS England's "Making Data Count", takes seven points on one side of the mean for a shift and seven
#           rising ones for a trend. abspc 1.1.0 names its rules as aligned with it and takes eight and six: seven low points in a row are no
#           signal, and six rising ones are one. shewhart 0.1.1 ("nelson") takes nine and six. The limits differ as well: 3 / 1.128 mean moving
#           ranges from the mean in the one, 3 / 1.128379 in the other, where the guide of the NHS rounds to 2.66, so that a value can lie
#           beyond a limit in one of them only.
# Why care: whether a month is called a change depends on the package.
# Seen:     abspc 1.1.0, shewhart 0.1.1, Python 3, on Linux.
# Guard:    `yardstick trend` says its rules and run lengths (grammar/RESULTS.md), and a test compares it with both packages on 200 series.
#
# Prints what each package says; exit status 1 when one of them says something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet abspc==1.1.0 shewhart==0.1.1
"$folder/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

import abspc
import pandas as pd
import shewhart

SHIFT = [5.0, 6, 5, 6, 5, 6, 5, 9, 8, 9, 8, 5, 9, 8, 9, 8, 9]
TREND = [5.0, 7, 4, 5, 6, 7, 8, 9, 4, 7, 5, 6, 5, 7, 5, 6]
BEYOND = [-2.0, 2, 1, 0, 0, 0, 2, 0, 2, 1, 1, 2, None, 0, 4, 2, 4, 2, None, 2, 2, 2, 3, 3]


def signals(series):
    frame = pd.DataFrame({"value": series, "date": range(len(series))})
    limits = abspc.calculate_control_limits(frame, value_col="value", chart_type="xmr")
    judged = abspc.detect_special_causes(limits)
    own = {rule: int(judged[rule].sum()) for rule in ["rule1", "rule2", "rule3"]}
    if None in series:
        return own, None
    other = {signal.rule for signal in shewhart.imr(frame, value="value", rules="nelson").signals}
    return own, sorted(other & {"nelson_2", "nelson_3"})


seen = {"seven on one side": signals(SHIFT), "six rising": signals(TREND), "between the limits": signals(BEYOND)}
print(f"abspc {version('abspc')}, shewhart {version('shewhart')}")
for name, said in seen.items():
    print(f"{name}: abspc {said[0]}, shewhart {said[1]}")
as_seen = (
    seen["seven on one side"][0]["rule2"] == 0
    and seen["seven on one side"][1] == []
    and seen["six rising"][0]["rule3"] == 6
    and "nelson_3" in seen["six rising"][1]
    and seen["between the limits"][0]["rule1"] == 1
)
sys.exit(0 if as_seen else 1)
PY
