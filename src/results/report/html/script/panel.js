// All that is known of one cell.

function panelElement(row, at) {
  const head = words.columns[at];
  const cell = cellOf(row, at);
  const facts = make("dl", { class: "facts" });
  const tail = [letterOf(cell.band) + cell.sign, cell.provisional ? "p" : ""].filter(Boolean).join(" ");
  definition(facts, "Value", cell.state === "value" ? [cell.number, head.unit, tail].filter(Boolean).join(" ") : markOf(cell) + ": " + words.states[STATES.indexOf(cell.state)][1]);
  definition(facts, "Window", head.windows[head.windows.length - 1]);
  definition(facts, "Counts", countsOf(cell));
  definition(facts, "95 % interval", cell.low && cell.low + " to " + cell.high);
  definition(facts, "Could be", cell.least || cell.most ? (cell.least || "…") + " to " + (cell.most || "…") : "");
  definition(facts, "Since the window before", changeOf(cell, at)[1]);
  const { variation, assurance } = signalsOf(row, at);
  definition(facts, "Is it chance?", variation);
  definition(facts, "The standard", assurance);
  definition(facts, "Its own standard", aimOf(row, at));
  plansOf(row, at).forEach((plan) => {
    definition(facts, "The plan", plan.says.join(" "));
    definition(facts, "Planned because", plan.because);
  });
  definition(facts, "Undetermined", cell.undetermined);
  definition(facts, "Unsure", cell.unsure);
  definition(facts, "Unread", cell.unread);
  head.exclusions.forEach((reason, number) => definition(facts, "Excluded: " + reason, (cell.excluded || [])[number]));
  definition(facts, "Why", cell.reason);
  const own = head.facts.filter(([name]) => !["Window", "Reading"].includes(name));
  own.forEach(([name, said]) => definition(facts, name, said));
  const rows = words.rows;
  const entity = rows.part[row] ? rows.above[row] : row;
  const title = rows.part[row] ? nameOf(entity) + ", " + nameOf(row) : nameOf(row);
  return make(
    "div",
    { class: "panel", role: "dialog", "aria-labelledby": "panel-title", tabindex: "-1" },
    button("×", { class: "close", "data-close": true, "aria-label": "close" }),
    make("h2", { id: "panel-title" }, title + ": " + head.title),
    make("p", {}, head.question),
    chartElement(row, at),
    facts,
    partsElement(entity, at),
    belowElement(entity, at),
    make("h3", {}, "The cases behind it"),
    make("p", { class: "id command" }, commandOf(entity, at)),
    casesElement(entity, at),
    head.description && make("details", {}, make("summary", {}, "What it measures, in words"), make("pre", {}, head.description)),
    words.how_to_read && make("details", {}, make("summary", {}, "How to read that"), make("pre", {}, words.how_to_read)),
  );
}

function commandOf(row, at) {
  const rows = words.rows;
  const level = words.levels[rows.level[row]];
  const whole = rows.id[row] === level ? "" : " --level " + level + " --entity " + rows.id[row];
  return "yardstick cases " + words.columns[at].id + whole;
}

// The rows behind the latest cell, where the page has them.
const MOST_CASES = 500;

function casesElement(row, at) {
  const list = listed.get(at);
  if (!list) return null;
  const own = list.rows.filter(([holders]) => holders.includes(row));
  if (!own.length) {
    const said = cellOf(row, at).below ? "Its rows are not in this page; the command lists them." : "No row counts in the latest window.";
    return make("p", { class: "quiet" }, said);
  }
  const line = ([, texts]) => make("tr", {}, ...texts.map((text) => make("td", {}, text === null ? "-" : text)));
  const heads = list.head.map((name) => make("th", { scope: "col" }, name));
  const more = own.length - MOST_CASES;
  return make(
    "div",
    { class: "wide", tabindex: "0", role: "group", "aria-label": "the rows behind it" },
    make("table", { class: "cases" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...own.slice(0, MOST_CASES).map(line))),
    more > 0 ? make("p", { class: "quiet" }, more + " more: the command lists them all.") : null,
  );
}

function figures(heading, list, at) {
  if (!list.length) return null;
  const line = (row) => {
    const cell = cellOf(row, at);
    const name = words.rows.part[row] ? nameOf(row) : button(nameOf(row), { "data-cell": row + "," + at });
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, name),
      make("td", { class: cell.band || cell.state }, [markOf(cell), letterOf(cell.band) + cell.sign].filter(Boolean).join(" ")),
      make("td", {}, countsOf(cell)),
      make("td", {}, cell.underneath),
    );
  };
  const heads = ["", "value", "counts", "below"].map((name) => make("th", { scope: "col" }, name || make("span", { class: "unseen" }, "entity")));
  return make("div", { class: "wide" }, make("table", { class: "numbers" }, make("caption", {}, heading), make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...list.map(line))));
}

function partsElement(row, at) {
  return figures("By group", words.rows.parts[row].filter((part) => words.rows.part[part] === 1 && cellOf(part, at) !== NOTHING), at);
}

// The entities one level down, red first.
function belowElement(row, at) {
  const order = ["red", "yellow", "green", ""];
  const list = words.rows.below[row].filter((one) => cellOf(one, at) !== NOTHING);
  list.sort((a, b) => order.indexOf(cellOf(a, at).band) - order.indexOf(cellOf(b, at).band));
  return figures("One level down", list.slice(0, 60), at);
}
