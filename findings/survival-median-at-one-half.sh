#!/bin/sh
# Finding: where exactly half of the stays have ended, the survival median of three packages hangs on the last bit of a product.
#
# What:     the Kaplan-Meier curve of n stays that end on days 1 to n, none censored, is exactly one half on day n / 2. lifelines takes the first
#           day on which the curve is at most a half, and so does who reads the curve of scikit-survival; `quantile` of statsmodels takes the
#           first on which it is below. Each computes the curve as a product (or a sum of logarithms) of fractions, which comes out at a half, or
#           at 0.5000000000000001, or at 0.4999999999999999. So none of the three keeps its own rule: for even n from 2 to 60 lifelines says
#           day n / 2 for 22 and the day after for 8, scikit-survival for 23 and 7, statsmodels for 5 and 25.
# Why care: the median of a small office is decided by rounding: of 4 stays 2, 2 and 3 days, of 6 stays 4, 3 and 4.
# Seen:     lifelines 0.30.3, scikit-survival 0.28.0, statsmodels 0.15.0, Python 3, on Linux.
# Guard:    the share left is compared as a fraction of whole numbers (src/results/scorecard/percentile.rs, test `the_level_is_told_exactly`), at
#           one half the median lies halfway to the next end (grammar/README.md, section 9), and tests/estimates.rs compares with R's.
#
# Prints what each package says; exit status 1 when one of them says something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet lifelines==0.30.3 scikit-survival==0.28.0 statsmodels==0.15.0
"$folder/venv/bin/python" -W ignore - <<'PY'
import sys
from importlib.metadata import version

import numpy as np
from lifelines import KaplanMeierFitter
from sksurv.nonparametric import kaplan_meier_estimator
from statsmodels.api import SurvfuncRight

packages = ["lifelines", "scikit-survival", "statsmodels"]
print(", ".join(f"{name} {version(name)}" for name in packages))


def medians(stays):
    days, ended = np.arange(1.0, stays + 1), np.ones(stays, dtype=bool)
    one = KaplanMeierFitter().fit(days, ended).median_survival_time_
    at, curve = kaplan_meier_estimator(ended, days)
    two = at[np.flatnonzero(curve <= 0.5)[0]]
    three = SurvfuncRight(days, ended).quantile(0.5)
    return tuple(int(median) for median in (one, two, three))


said = {stays: medians(stays) for stays in range(2, 61, 2)}
for stays in (2, 4, 6, 8, 10, 24):
    print(f"{stays} stays of 1 to {stays} days, half of them over after {stays // 2}: medians {said[stays]}")
early = [sum(median[n] == stays // 2 for stays, median in said.items()) for n in range(3)]
print(f"of {len(said)} such groups the median is the day itself in {early}, in the others a day later")
# Which groups fall on which side is the processor's; that each package is on both sides is not.
sys.exit(0 if all(0 < share < len(said) for share in early) and any(len(set(median)) > 1 for median in said.values()) else 1)
PY
