; What can be folded: declarations with braces, and the drawn tables of tests.
[(table) (indicator) (scorecard) (plan) (test) (drawn) (groups) (value_list) (code_list) (spelled_list)] @fold
