// The tree-sitter grammar of Yardstick. It is made of `grammar/indicator.pest`, and never written by hand:
// the README beside it says how. A rule has the name it has there; words and signs stand as they are.

module.exports = grammar({
  name: "yardstick",

  word: $ => $.name,

  extras: $ => [
    /[ \t\r\n\u00A0]/,
    $.comment,
    $.wrong_comment,
  ],

  conflicts: $ => [
    [$._name, $.days_in],
    [$.of_call],
    [$.scorecard_row],
  ],

  rules: {
    source_file: $ => repeat(
      choice(
        $.levels,
        $.domains,
        $.dates,
        $.no_text,
        $.headers,
        $.quality,
        $.business,
        $.times,
        $.codes,
        $.rows,
        $.define,
        $.groups,
        $.table,
        $.indicator,
        $.scorecard,
        $.plan,
        $.test,
      ),
    ),

    wrong_comment: $ => token(/\/\/[^\n]*|--([^>\n][^\n]*)?/),

    levels: $ => prec.right(seq("levels", optional($.hierarchy), $._name, repeat(prec.right(seq(">", $._name))))),

    hierarchy: $ => prec.right(seq($._name, ":")),

    domains: $ => prec.right(seq("domains", $.domain, repeat(prec.right(seq(",", $.domain))), optional(","))),

    domain: $ => prec.right(seq($._name, optional($.text))),

    dates: $ => prec.right(seq("dates", $.date, repeat(prec.right(seq(",", $.date))), choice("mean", "means"), "missing")),

    no_text: $ => prec.right(seq("text", $.text, repeat(prec.right(seq(",", $.text))), choice("mean", "means"), "missing")),

    headers: $ => prec.right(seq("headers", "ignoring", "case")),

    quality: $ => prec.right(seq("quality", "at", "most", $.number, "%", "set", "aside")),

    business: $ => prec.right(seq("business", "days", $._name, "to", $._name, optional(seq("except", $._name, ".", $._name)))),

    times: $ => prec.right(seq("times", "are", "local", optional(seq("to", choice($.zone, $.wrong_zone))))),

    codes: $ => prec.right(seq("codes", $._name, "=", $.code_list)),

    rows: $ => prec.right(seq("rows", $._name, "=", $._name, $.where_part)),

    define: $ => prec.right(seq("define", $._name, "of", $._name, "=", $.expr)),

    groups: $ => prec.right(seq("groups", $._name, optional($.text), "of", $._name, "=", $.expr, optional($.bands))),

    bands: $ => prec.right(seq("bands", $.band, repeat(prec.right(seq(",", $.band))), optional(","))),

    band: $ => prec.right(seq($.text, optional(seq($.compare_op, choice($.text, $.number))))),

    table: $ => prec.right(
      seq(
        "table",
        $._name,
        optional($.text),
        choice(
          $.words_of,
          seq(
            optional($.file),
            optional($.sheet),
            optional($.encoding),
            optional($.not_fed),
            optional($.only_distinct),
            "{",
            repeat($.member),
            "}",
          ),
        ),
      ),
    ),

    words_of: $ => prec.right(seq("of", $._name, ".", $._name)),

    file: $ => prec.right(seq("from", $.text)),

    sheet: $ => prec.right(seq("sheet", $.text)),

    encoding: $ => prec.right(seq("in", $.encoding_name)),

    encoding_name: $ => token(/(((([A-Za-z0-9]|_))|\-))+/),

    not_fed: $ => prec.right(seq("not", "fed")),

    only_distinct: $ => prec.right("distinct"),

    member: $ => prec.right(
      choice(
        $.row_rule,
        $.attribute,
        $.spans,
        $.peers,
        $.begins,
        seq(
          choice($._name, alias(choice("rule", "spans", "attribute", "begins", "peers"), $.name)),
          choice($.back, $.link, $.derived, $.key, $.column, $.wrong_parts),
        ),
      ),
    ),

    spans: $ => prec.right(seq("spans", $._name, choice("until", "through"), $._name)),

    peers: $ => prec.right(seq("peers", "by", $._name)),

    row_rule: $ => prec.right(seq("rule", optional(seq($._name, $.text, $.expr)))),

    begins: $ => prec.right(seq("begins", choice("on", "with"), $._name)),

    key: $ => prec.right(seq("key", optional($.read_as), choice($.id_file, $.wrong_parts, blank()))),

    link: $ => prec.right(
      seq(
        "->",
        $._name,
        optional("?"),
        optional($.through),
        optional($.known),
        optional($.read_as),
        choice($.id_file, $.wrong_parts, blank()),
      ),
    ),

    id_file: $ => prec.right(seq("from", $.text, repeat(prec.right(seq("and", $.text))))),

    wrong_parts: $ => prec.right(seq(optional("by"), "(", $._name, repeat(prec.right(seq(",", $._name))), optional(","), ")")),

    through: $ => prec.right(seq("through", $._name)),

    back: $ => prec.right(seq("<-", $._name, optional(seq(".", $._name)))),

    derived: $ => prec.right(seq("=", $.expr)),

    column: $ => prec.right(
      seq(
        choice($.spelled_list, seq($._name, choice($.digits_of, $.spelled_list, blank()))),
        optional("?"),
        optional($.not_yet),
        optional($.known),
        optional($.written),
        optional($.read_as),
        choice($.file, $.joined, blank()),
      ),
    ),

    digits_of: $ => prec.right(seq("(", $.number, ",", $.number, ")")),

    joined: $ => prec.right(seq("from", $._name, ".", $._name)),

    not_yet: $ => prec.right(seq("missing", "means", "not", "yet")),

    known: $ => prec.right(seq("known", "with", choice($.the_row, $._name))),

    the_row: $ => prec.right(seq("the", "row")),

    written: $ => prec.right(seq("written", $.text, repeat(prec.right(seq("or", $.text))))),

    read_as: $ => prec.right(seq($.reading_of, repeat(prec.right(seq(",", $.reading_of))))),

    reading_of: $ => prec.right(choice("trimmed", seq("ignoring", "case"), seq("as", "whole", "number"))),

    spelled_list: $ => prec.right(seq("{", optional(seq($.spelled, repeat(prec.right(seq(",", $.spelled))), optional(","))), "}")),

    spelled: $ => prec.right(choice($.wrong_code, seq($.text, optional($._name)), seq($._name, optional($.spelling)))),

    spelling: $ => prec.right(choice("otherwise", seq(repeat1($.text), optional("otherwise")))),

    wrong_code: $ => token(/[A-Za-z_][A-Za-z0-9_]*[\-\/.][A-Za-z0-9_\-\/.]*|[0-9\-\/.][A-Za-z0-9_\-\/.]*/),

    code_list: $ => prec.right(seq("{", optional(seq($._name, repeat(prec.right(seq(",", $._name))), optional(","))), "}")),

    indicator: $ => prec.right(seq("indicator", $._name, optional($.variant_of), "{", repeat($.clause), "}")),

    variant_of: $ => prec.right(seq("like", $._name)),

    clause: $ => prec.right(
      choice(
        $.title,
        $.tier,
        $.domain_of,
        $.question,
        $.reading,
        $.source,
        $.status,
        $.owner,
        $.approved,
        $.review,
        $.window,
        $.lag,
        $.history,
        $.stands,
        $.let_,
        $.cohort,
        $.exclude,
        $.measure,
        $.numerator,
        $.denominator,
        $.attribute,
        $.standard,
        $.minimum,
        $.without,
      ),
    ),

    title: $ => prec.right(seq("title", $.text)),

    tier: $ => prec.right(seq("tier", $.number)),

    domain_of: $ => prec.right(seq("domain", $._name)),

    question: $ => prec.right(seq("question", $.text)),

    reading: $ => prec.right(seq("reading", $.text)),

    source: $ => prec.right(seq("source", $.text)),

    status: $ => prec.right(seq("status", $._name)),

    owner: $ => prec.right(seq("owner", $.text)),

    approved: $ => prec.right(seq("approved", "by", $.text, "on", $.date, optional($.meanings))),

    meanings: $ => prec.right(seq("as", "meaning", optional($.text), repeat(prec.right(seq(",", optional($.text)))))),

    review: $ => prec.right(seq("review", "by", $.date)),

    window: $ => prec.right(
      seq(
        "window",
        choice($.year_to_date, $.month_end, $.all_time, $.window_word, $.duration),
        optional($.window_ends),
      ),
    ),

    year_to_date: $ => prec.right(seq(optional("fiscal"), "year", "to", "date", optional(seq("from", $._name)))),

    month_end: $ => prec.right(seq("month", "end")),

    all_time: $ => prec.right(seq("all", "time")),

    window_word: $ => prec.right(choice("day", "week", "month", "quarter", "year")),

    window_ends: $ => prec.right(
      choice(seq("every", "quarter"), seq("ending", "in", $._name, repeat(prec.right(seq(",", $._name))))),
    ),

    lag: $ => prec.right(seq("lag", $.duration)),

    history: $ => prec.right(seq("history", $.duration)),

    stands: $ => token(/as[ \t\r\n]+it[ \t\r\n]+stands/),

    let_: $ => prec.right(seq("let", $._name, "=", $.expr)),

    cohort: $ => prec.right(
      seq(
        "cohort",
        optional($.pick),
        $._name,
        optional($.pick_of),
        optional($.relation),
        optional($.where_part),
      ),
    ),

    pick: $ => prec.right(seq(choice("first", "last"), optional("ever"))),

    pick_of: $ => prec.right(
      seq(
        "of",
        "each",
        $.path,
        optional($.each_level),
        optional(seq("by", $.path, repeat(prec.right(seq(",", $.path))))),
      ),
    ),

    each_level: $ => prec.right(seq("at", "each", "level")),

    exclude: $ => prec.right(seq("exclude", $.text, $.expr)),

    measure: $ => prec.right(
      seq("measure", choice($.rate, $.counting, $.mean_of, $.percentile_of, $.incidence, "proportion")),
    ),

    how_many: $ => prec.right("count"),

    rate: $ => prec.right(seq("rate", "per", $.number, choice($.unit, $._name, blank()))),

    counting: $ => prec.right(seq($.how_many, optional(seq("distinct", $.value)))),

    mean_of: $ => prec.right(seq("mean", "of", $.value)),

    percentile_of: $ => prec.right(seq(choice("median", seq("percentile", $.number)), "of", $.value, optional($.censored))),

    incidence: $ => prec.right(
      seq(
        "incidence",
        "of",
        $.expr,
        "by",
        $.duration,
        "from",
        $.value,
        "to",
        $.value,
        optional($.censored),
      ),
    ),

    censored: $ => prec.right(seq(",", "censored", "at", $.value)),

    denominator: $ => prec.right(seq("denominator", choice($.share_of_window, $.value))),

    share_of_window: $ => prec.right(seq("share", "of", "window")),

    numerator: $ => prec.right(seq("numerator", $.expr)),

    attribute: $ => prec.right(seq("attribute", $.path, "at", $.value)),

    without: $ => prec.right(seq("without", choice($.text, $.without_word))),

    without_word: $ => prec.right(choice("tier", "lag", "history", "standard", "minimum", "numerator", "denominator", "measure")),

    minimum: $ => prec.right(seq("minimum", $.number, optional("cases"))),

    standard: $ => prec.right(
      seq(
        "standard",
        choice("none", $.own_target, $.thresholds),
        repeat($.standard_part),
        choice($.origin, $.wrong_origin, blank()),
        repeat($.yellow),
      ),
    ),

    thresholds: $ => prec.right(choice($.range, seq($.direction, $.quantity))),

    range: $ => prec.right(seq("between", $.quantity, "and", $.quantity)),

    own_target: $ => prec.right(
      seq(
        $.direction,
        $.table_column,
        choice("%", "percent", blank()),
        "of",
        "each",
        $._name,
        "from",
        $.table_column,
      ),
    ),

    table_column: $ => prec.right(seq($._name, token.immediate("."), $._name)),

    standard_part: $ => prec.right(choice($.in_force, $.no_longer)),

    in_force: $ => prec.right(seq("from", $.date)),

    no_longer: $ => prec.right(seq("until", $.date)),

    yellow: $ => prec.right(seq("yellow", choice($.within, $.thresholds), choice($.origin, $.wrong_origin, blank()))),

    within: $ => prec.right(seq("within", $.quantity)),

    origin: $ => prec.right(seq("{", repeat1($.origin_part), "}")),

    origin_part: $ => prec.right(choice($.source, $.status)),

    wrong_origin: $ => prec.right(seq($.origin_part, repeat(prec.right(choice($.origin_part, $.standard_part))))),

    direction: $ => prec.right(seq("at", choice("least", "most"))),

    quantity: $ => prec.right(seq($.number, choice("%", "percent", $.unit, "cases", blank()))),

    scorecard: $ => prec.right(
      seq(
        "scorecard",
        $._name,
        optional($.text),
        "{",
        repeat(prec.right(choice($.hide, $.split, $.scorecard_row))),
        "}",
      ),
    ),

    scorecard_row: $ => seq($._name, ":", $._name, repeat(seq(",", $._name)), optional(",")),

    hide: $ => prec.right(seq("hide", "counts", "under", $.number)),

    split: $ => prec.right(seq("split", "by", $._name, repeat(prec.right(seq(",", $._name))))),

    plan: $ => prec.right(seq("plan", $._name, "of", $._name, "{", repeat($.plan_line), "}")),

    plan_line: $ => prec.right(choice($.plan_entity, $.since, $.because, $.expected_path, $.action)),

    plan_entity: $ => prec.right(seq("entity", $._name, optional($.text))),

    since: $ => prec.right(seq("since", $.date)),

    because: $ => prec.right(seq("because", $.text)),

    expected_path: $ => prec.right(seq("expect", "from", $.quantity, "in", $.month, "to", $.quantity, "by", $.month)),

    action: $ => prec.right(seq("action", $.text, "owner", $.text, "due", $.date, optional(seq("done", $.date)))),

    test: $ => prec.right(seq("test", $._name, $.text, "{", repeat($.test_line), "}")),

    test_line: $ => prec.right(choice($.as_of, $.expect, $.drawn)),

    as_of: $ => prec.right(seq("as", "of", $.date)),

    drawn: $ => seq($._name, repeat1(seq($.drawn_row, token(prec(2, /\r?\n/))))),

    drawn_row: $ => repeat1(seq("|", optional($.drawn_cell))),

    expect: $ => prec.right(seq("expect", choice($.expect_window, $.expect_row))),

    expect_window: $ => prec.right(
      seq(
        "window",
        "ending",
        $.date,
        optional($.cell),
        optional($.of_group),
        ":",
        choice($.not_observable, $.counts),
      ),
    ),

    of_group: $ => prec.right(seq("of", $._name, $.text)),

    cell: $ => prec.right(seq("in", $._name, $.entity_id)),

    not_observable: $ => prec.right(seq("not", "observable")),

    counts: $ => prec.right(
      seq(
        choice($.not_estimable, seq(optional("value"), $.number)),
        "of",
        $.number,
        repeat(prec.right(seq(",", $.other_count))),
      ),
    ),

    not_estimable: $ => prec.right(seq("not", "estimable")),

    other_count: $ => prec.right(choice(seq($.number, choice("undetermined", "excluded", "unsure")), "provisional", $.colour)),

    colour: $ => prec.right(choice("green", "yellow", "red", seq("no", "colour"))),

    expect_row: $ => prec.right(seq($.row_id, $.outcome, optional($.held_by))),

    outcome: $ => prec.right(
      choice(
        "met",
        "counted",
        "unmet",
        "undetermined",
        seq("excluded", optional($.text)),
        "unsure",
        seq("not", "counted"),
      ),
    ),

    held_by: $ => prec.right(seq("held", "by", $.row_id)),

    row_id: $ => prec.right(choice($.text, $.bare_id)),

    entity_id: $ => prec.right(choice($.text, $.bare_entity_id)),

    bare_entity_id: $ => choice(
      $.name,
      token(/([0-9][^\s\u00A0#"{}|,':]*|[A-Za-z0-9_]*[^\s\u00A0#"{}|,':A-Za-z0-9_][^\s\u00A0#"{}|,':]*)/),
    ),

    bare_id: $ => choice(
      $.name,
      token(/([0-9][^\s\u00A0#"{}|,']*|[A-Za-z0-9_]*[^\s\u00A0#"{}|,'A-Za-z0-9_][^\s\u00A0#"{}|,']*)/),
    ),

    expr: $ => prec.right(
      seq(
        repeat($.negation),
        $.predicate,
        repeat(prec.right(seq($.connective, repeat($.negation), $.predicate))),
      ),
    ),

    connective: $ => prec.right(choice("and", "or", $.wrong_and, $.wrong_or)),

    negation: $ => prec.right(choice("not", $.wrong_not)),

    predicate: $ => prec.right(choice($.keeps, $.quantified, $.relation, $.elsewhere, seq($.value, optional($.tail)))),

    tail: $ => prec.right(choice($.comparison, $.in_, $.is, $.keeps, $.relation, $.between, $.like)),

    comparison: $ => prec.right(seq($.compare_op, $.value)),

    compare_op: $ => prec.right(
      choice(
        $.equal,
        "before",
        $.on_or_before,
        "after",
        $.on_or_after,
        $.less,
        $.greater,
        $.less_equal,
        $.greater_equal,
        $.not_equal,
        $.wrong_equal,
        $.wrong_not_equal,
        $.wrong_sign,
      ),
    ),

    on_or_before: $ => prec.right(seq("on", "or", "before")),

    on_or_after: $ => prec.right(seq("on", "or", "after")),

    equal: $ => prec.right("="),

    wrong_equal: $ => prec.right("=="),

    not_equal: $ => prec.right("!="),

    wrong_not_equal: $ => prec.right("<>"),

    less_equal: $ => prec.right("<="),

    greater_equal: $ => prec.right(">="),

    wrong_sign: $ => prec.right(choice("≤", "≥", "≠", "=<", "=>")),

    less: $ => prec.right("<"),

    greater: $ => prec.right(">"),

    in_: $ => prec.right(seq(optional("not"), "in", choice($.value_list, $.path))),

    value_list: $ => prec.right(
      seq(
        "{",
        optional(
          seq(
            choice($.date, $.amount, $.text, $._name),
            repeat(prec.right(seq(",", choice($.date, $.amount, $.text, $._name)))),
            optional(","),
          ),
        ),
        "}",
      ),
    ),

    is: $ => prec.right(seq("is", optional("not"), $._name)),

    between: $ => prec.right(seq("between", $.value, "and", $.value)),

    like: $ => prec.right(seq("like", $.text)),

    keeps: $ => prec.right(seq("keeps", "all", "rules")),

    relation: $ => prec.right(choice($.open_on, $.overlapping, $.covering)),

    open_on: $ => prec.right(seq("open", "on", $.value)),

    overlapping: $ => prec.right(seq("overlapping", $.path)),

    covering: $ => prec.right(seq("covering", $.path)),

    elsewhere: $ => prec.right(seq("held", "elsewhere", "on", $.value)),

    quantified: $ => prec.right(
      choice(
        seq("all", $.quantified_of, optional($.have_part)),
        seq(choice("some", "no"), $.quantified_of),
      ),
    ),

    quantified_of: $ => prec.right(seq(optional("other"), $.path, optional($.alias), optional($.relation), optional($.where_part))),

    alias: $ => prec.right(seq("as", $._name)),

    where_part: $ => prec.right(seq("where", $.expr)),

    have_part: $ => prec.right(seq("have", $.expr)),

    value: $ => prec.right(
      seq(
        choice(
          $.at_day,
          $.if_else,
          $.day_of,
          $.from_to,
          $.days_among,
          $.days_in,
          $.of_call,
          $.among,
          $.beside,
          $.path,
          $.paren,
          $.date,
          $.amount,
          $.text,
        ),
        repeat(
          prec.right(
            seq(
              $.sign,
              choice(
                $.at_day,
                $.if_else,
                $.day_of,
                $.from_to,
                $.days_among,
                $.days_in,
                $.of_call,
                $.among,
                $.beside,
                $.path,
                $.paren,
                $.date,
                $.amount,
                $.text,
              ),
            ),
          ),
        ),
      ),
    ),

    sign: $ => prec.right(choice("+", "-", "*", $.wrong_over)),

    at_day: $ => prec.right("at"),

    paren: $ => prec.right(seq("(", $.expr, ")")),

    amount: $ => prec.right(seq($.number, optional($.unit))),

    duration: $ => prec.right(seq($.number, $.unit)),

    unit: $ => prec(
      1,
      choice(
        seq("business", choice("days", "day")),
        "hours",
        "hour",
        "minutes",
        "minute",
        "days",
        "day",
        "weeks",
        "week",
        "months",
        "month",
        "years",
        "year",
      ),
    ),

    day_of: $ => prec.right(
      seq(
        $.day_word,
        "of",
        choice(
          $.at_day,
          $.if_else,
          $.day_of,
          $.from_to,
          $.days_among,
          $.days_in,
          $.of_call,
          $.among,
          $.beside,
          $.path,
          $.paren,
          $.date,
          $.amount,
          $.text,
        ),
      ),
    ),

    day_word: $ => prec.right(choice("day", "weekday", "month", "year")),

    of_call: $ => seq($.of_name, "of", $.value, repeat(seq(",", $.value))),

    of_name: $ => prec.right(choice(seq("first", "known"), $._name)),

    from_to: $ => prec.right(seq($.from_unit, "from", $.value, "to", $.value, optional(seq("among", $.quantified_of)))),

    from_unit: $ => prec.right($.unit),

    if_else: $ => prec.right(seq("if", $.expr, "then", $.expr, "else", $.expr)),

    days_in: $ => seq("days", "in", "window"),

    among: $ => prec.right(
      choice(
        $.among_count,
        seq(
          choice($.among_value, $.among_order),
          $.value,
          optional(seq("by", $.value)),
          "among",
          $.quantified_of,
        ),
      ),
    ),

    among_count: $ => prec.right(seq("count", optional(seq("distinct", $.value, "among")), $.quantified_of)),

    among_value: $ => prec.right(choice("sum", "earliest", "latest")),

    among_order: $ => prec.right(choice("first", "last")),

    days_among: $ => prec.right(seq($.days_in, "among", $.quantified_of)),

    beside: $ => prec.right(seq(choice("previous", "next"), $._name, "of", $.path, "by", $.path)),

    name: $ => /[A-Za-z_][A-Za-z0-9_]*/,

    path: $ => prec.right(seq($._name, repeat(prec.right(seq(token.immediate("."), $._name))))),

    text: $ => choice(seq("\"", repeat(choice($.text_inside, $.escape)), token.immediate("\"")), $.wrong_quote),

    text_inside: $ => token.immediate(prec(1, /[^"\\]+/)),

    wrong_quote: $ => token(/'([^'\n])*'/),

    number: $ => token(/(\-)?[0-9](([0-9]|_))*(\.[0-9](([0-9]|_))*)?/),

    zone: $ => token(/(((((((([A-Za-z0-9]|_))|\/)|\+)|\-)|:)))+(( )+(((((((([A-Za-z0-9]|_))|\/)|\+)|\-)|:)))+)*/),

    wrong_zone: $ => token(/"([^"\n])*"/),

    date: $ => token(/([0-9])+(((((\-|\/)|\.)|–)|‑))([0-9])+(((((\-|\/)|\.)|–)|‑))([0-9])+/),

    month: $ => token(
      /(([0-9])+(((((\-|\/)|\.)|–)|‑))([0-9])+((((((\-|\/)|\.)|–)|‑))([0-9])+)?|((([A-Za-z]|_))((([A-Za-z0-9]|_)))*)( )+([0-9])+)/,
    ),

    wrong_and: $ => prec.right(choice("&&", "&")),

    wrong_or: $ => prec.right(choice("||", "|")),

    wrong_not: $ => prec.right("!"),

    wrong_over: $ => prec.right("/"),

    _name: $ => choice(
      $.name,
      prec(
        -1,
        alias(choice(
          "business",
          "hours",
          "hour",
          "minutes",
          "minute",
          "day",
          "weeks",
          "week",
          "months",
          "month",
          "years",
          "year",
          "weekday",
          "count",
          "sum",
          "earliest",
          "latest",
          "first",
          "last",
          "previous",
          "next",
          "distinct",
          "known",
          "share",
          "held",
          "open",
        ), $.name),
      ),
      alias("days", $.name),
    ),

    comment: $ => token(/#[^\n]*/),

    drawn_cell: $ => token(prec(1, /[^\s\u00A0|#]([^|\n]*[^\s\u00A0|])?/)),

    escape: $ => token.immediate(prec(1, /\\([^\n]|\n)/)),
  },
});
