#!/bin/sh
# Finding: DataFusion plans a long expression in a time that grows as the square of its length, and giving it a name doubles that.
#
# What:     Each part of an expression is asked for its type, and to answer, the name of the whole part is written out, though nobody asks for it. A sum of
#           400 terms takes not four times as long to put into a plan as one of 100, but some thirteen times. With `.alias("x")`, which does nothing
#           but name it, everything below is asked twice.
# Why care: what is computed from a definition is longer than what people write. Where some hundreds of definitions were planned, at least 13 of 100 samples
#           of the processor were in writing such names.
# Seen:     DataFusion 55.0.0 (its package for Python), Python 3, on Linux: 0.0014, 0.0046 and 0.0172 s for 100, 200 and 400 terms; 0.0025,
#           0.0089 and 0.0338 with a name. In Rust, 55.2.0 has it in the same lines (`ExprSchemable::to_field`, which calls `qualified_name` at each level, and
#           `metadata` below an alias).
# Guard:    functions of our own have names as short as they can be (src/engine/plan/functions/scalar.rs, `name_of_call`; its test
#           `calls_have_short_names_of_their_own`), and what is put into a plan has its type worked out once (src/engine/plan/relational/verbs.rs, `schema_of`).
#
# Prints the times and how they grow; exit status 1 when they do not grow so. Times are of the processor, and compared with each other alone.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet datafusion==55.0.0
"$folder/venv/bin/python" - <<'PY'
import sys
import time

from datafusion import SessionContext, __version__, col, lit

table = SessionContext().from_pydict({"a": [1]})


def sum_of(terms):
    total = col("a")
    for term in range(1, terms):
        total = total + lit(term)
    return total


# In turn, and of the processor: other programs on the machine fall on all alike.
lengths = (100, 200, 400)
asked = {(terms, name): sum_of(terms).alias("x") if name else sum_of(terms) for terms in lengths for name in (False, True)}
best = dict.fromkeys(asked, float("inf"))
for _ in range(40):
    for which, expression in asked.items():
        began = time.process_time()
        table.select(expression)
        best[which] = min(best[which], time.process_time() - began)
plain, named = ({terms: best[terms, name] for terms in lengths} for name in (False, True))
print(f"DataFusion {__version__}, seconds to plan a sum of 100, 200 and 400 terms")
print("  without a name:", ", ".join(f"{of:.4f}" for of in plain.values()))
print("  with a name:   ", ", ".join(f"{of:.4f}" for of in named.values()))
growth, doubling = plain[400] / plain[100], named[400] / plain[400]
print(f"four times the terms take {growth:.1f} times as long; with a name, {doubling:.1f} times")
sys.exit(0 if growth > 8 and 1.6 < doubling < 4 else 1)
PY
