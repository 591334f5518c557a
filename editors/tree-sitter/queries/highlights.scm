; Colours. Every word of the language stands here once: a test looks for each.

(comment) @comment
(text) @string
(escape) @string.escape
(number) @number
(date) @number
(month) @number
(zone) @string.special
(encoding_name) @string.special

; ---- Words -------------------------------------------------------------------------------------

; What begins a declaration, and what begins a clause.
[
  "business" "codes" "dates" "define" "domains" "groups" "headers" "indicator" "levels" "plan"
  "quality" "rows" "scorecard" "table" "test" "times"
] @keyword.type
[
  "approved" "attribute" "cohort" "denominator" "domain" "exclude" "history" "lag" "let" "measure" "minimum" "owner"
  "numerator" "question" "reading" "review" "source" "standard" "status" "tier" "title" "window" "without"
  "yellow"
] @keyword.function

; Questions and comparisons in words.
[
  "after" "and" "before" "between" "covering" "elsewhere" "held" "in" "is" "keeps" "like" "not"
  "on" "open" "or" "overlapping" "rules"
] @keyword.operator
[
  "else" "if" "then"
] @keyword.conditional

; What joins words to one another.
[
  "action" "all" "among" "are" "as" "aside" "at" "bands" "because" "begins" "by" "case" "cases"
  "censored" "colour" "count" "counted" "counts" "date" "day" "days" "distinct" "done" "due"
  "each" "earliest" "end" "ending" "entity" "estimable" "ever" "every" "except" "excluded"
  "expect" "fed" "first" "fiscal" "from" "green" "have" "hide" "hour" "hours" "ignoring"
  "incidence" "key" "known" "last" "latest" "least" "level" "local" "mean" "meaning" "means" "median" "met"
  "minute" "minutes" "missing" "month" "months" "most" "next" "no" "none" "number" "observable"
  "of" "other" "otherwise" "peers" "per" "percent" "percentile" "previous" "proportion"
  "provisional" "quarter" "rate" "red" "row" "rule" "set" "share" "sheet" "since" "some" "spans"
  "split" "sum" "text" "the" "through" "time" "to" "trimmed" "under" "undetermined" "unmet"
  "unsure" "until" "value" "week" "weekday" "weeks" "where" "whole" "with" "within" "written"
  "year" "years" "yet"
] @keyword
(stands) @keyword

; ---- Signs -------------------------------------------------------------------------------------

["{" "}" "(" ")"] @punctuation.bracket
["," ":" "." "|"] @punctuation.delimiter
["=" "->" "<-" "?" ">" "%" "+" "-" "*"] @operator
[(equal) (not_equal) (less) (less_equal) (greater) (greater_equal)] @operator

; Slips of other languages, which the compiler reports.
[
  (wrong_comment) (wrong_quote) (wrong_code) (wrong_zone) (wrong_and) (wrong_or) (wrong_not) (wrong_over)
  (wrong_equal) (wrong_not_equal) (wrong_sign)
] @error

; ---- Names -------------------------------------------------------------------------------------

(table . (name) @type)
(indicator . (name) @function)
(scorecard . (name) @function)
(variant_of (name) @function)
(plan . (name) @function . (name) @function)
(test . (name) @function)
(scorecard_row . (name) @module . (name) @function)
(scorecard_row (name) (name) @function)
(levels (name) @type)
(hierarchy (name) @module)
(domain (name) @module)
(domain_of (name) @module)
(codes . (name) @constant)
(code_list (name) @constant)
(spelled (name) @constant)
(value_list (name) @constant)
(status (name) @constant)
(rows . (name) @variable . (name) @type)
(define . (name) @variable . (name) @type)
(groups . (name) @variable)
(let_ (name) @variable)
(alias (name) @variable)
(member . (name) @property)
(column . (name) @type.builtin)
(link . (name) @type)
(back . (name) @type)
(through (name) @type)
(cohort (name) @type)
(beside . (name) @type)
(path (name) @variable.member)
(of_name (name) @function.builtin)
(is (name) @constant.builtin)

; ---- Drawn tables of tests -----------------------------------------------------------------------

(drawn_cell) @string.special
(drawn . (name) @type . (drawn_row (drawn_cell) @property))
[(bare_id) (bare_entity_id)] @string.special
