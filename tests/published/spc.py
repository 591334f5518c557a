# Makes tests/published/spc.tsv: 200 series, and what two packages for control charts say of them. `tests/estimates.rs` compares the
# program with these figures, so Python is not needed to run the tests.
#
#   pip install abspc==1.1.0 shewhart==0.1.1
#   python3 tests/published/spc.py > tests/published/spc.tsv
#
# The first 120 are of values (XmR), some with many ties and some with gaps (`-`), the others of percentages of rows. Runs of seven are
# asked of abspc, whose own default are runs of eight for a shift and of six for a trend. Of percentages the limits are those of
# shewhart's `laney_p`; of series with gaps shewhart is not asked, as it has no gaps.
import random

import abspc.spc as abspc
import numpy as np
import pandas as pd
import shewhart

random.seed(20)


def values(number):
    n = random.choice([12, 18, 24, 36])
    spread = random.choice([2, 5, 1000])
    level = random.uniform(0, spread)
    series = []
    for place in range(n):
        shift = spread if number % 3 == 0 and place > n / 2 else 0
        slope = spread * place / 6 if number % 7 == 0 else 0
        series.append(float(round(random.gauss(level + shift + slope, spread / 2))))
    if number % 4 == 1:
        for _ in range(random.randint(1, 4)):
            series[random.randrange(n)] = None
    return series, [None] * n


def percentages(number):
    n = random.choice([12, 18, 24, 36])
    rows = [random.randint(5, 40) * random.choice([1, 10]) for _ in range(n)]
    share = random.uniform(0.05, 0.95)
    met = []
    for place, of in enumerate(rows):
        here = min(max(share + (random.gauss(0, 0.1) if number % 2 else 0) + (0.2 if number % 3 == 0 and place > n / 2 else 0), 0), 1)
        met.append(sum(random.random() < here for _ in range(of)))
    return [100 * m / of for m, of in zip(met, rows)], rows, met


def shown(figure):
    return "-" if figure is None or not np.isfinite(figure) else repr(float(figure))


def row(figures):
    return " ".join(shown(figure) for figure in figures)


def flags(marks):
    return "".join("x" if mark else "." for mark in marks)


def of_abspc(series, centre, low, high):
    v = np.array([np.nan if one is None else one for one in series])
    centre, low, high = (np.broadcast_to(one, v.shape).astype(float) for one in (centre, low, high))
    near_high, near_low = centre + (high - centre) * 2 / 3, centre - (centre - low) * 2 / 3
    return [
        flags(abspc._rule1_astronomical(v, high, low)),
        flags(abspc._rule2_shift(v, centre, run_length=7)),
        flags(abspc._rule3_trend(v, run_length=7)),
        flags(abspc._rule4_two_in_three(v, np.nan_to_num(centre), high, low, near_high, near_low)) if not np.isnan(v).any() else "-",
    ]


def of_shewhart(series, rows, met):
    if None in series or len(set(series)) == 1:
        return None, None
    if met is None:
        stats = shewhart.imr(pd.DataFrame({"value": series}), value="value").stats
        return [stats["i_lcl"]], [stats["i_ucl"]]
    table = shewhart.laney_p(pd.DataFrame({"met": met, "rows": rows}), defectives="met", size="rows").table
    return list(100 * table["lcl"]), list(100 * table["ucl"])


def limits_of_abspc(series, rows, met):
    if met is None:
        limits = abspc._calc_xmr(pd.DataFrame({"value": [np.nan if one is None else one for one in series]}), "value")
        return limits["mean"].iloc[0], [limits["lcl"].iloc[0]], [limits["ucl"].iloc[0]]
    limits = abspc._calc_p(pd.DataFrame({"rows": rows, "met": met}), "rows", None, "met")
    return 100 * limits["mean"].iloc[0], list(100 * limits["lcl"]), list(100 * limits["ucl"])


print("# What abspc 1.1.0 and shewhart 0.1.1 say of 200 series; made by tests/published/spc.py, seed 20.")
print("values\trows\tcentre\tabspc_low\tabspc_high\tshewhart_low\tshewhart_high\tbeyond\tshift\ttrend\tnear")
for number in range(200):
    met = None
    if number < 120:
        series, rows = values(number)
    else:
        series, rows, met = percentages(number)
    centre, low, high = limits_of_abspc(series, rows, met)
    other_low, other_high = of_shewhart(series, rows, met)
    # The rules are asked of the limits that the program has, too: of percentages those of shewhart, which cuts them off at 0 and 100; they
    # are the same number of times as far from the centre line as those of abspc.
    judged = np.array(low), np.array(high)
    if met is not None and other_low is not None:
        ends = list(zip(other_high, high)) + list(zip(other_low, low))
        times = next((end - centre) / (of - centre) for end, of in ends if 0 < end < 100)
        reach = times * (np.array(high) - centre)
        judged = centre - reach, centre + reach
    marks = of_abspc(series, centre, *judged)
    parts = [row(series), row(rows), shown(centre), row(low), row(high), row(other_low or []), row(other_high or [])]
    print("\t".join(parts + marks))
