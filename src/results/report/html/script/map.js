// The heat map: entities down, indicators across. Of long lists only what is in view is drawn.

const ROW_HEIGHT = 66;
// More rows than this are drawn as they come into view.
const AT_ONCE = 120;

// The shape of a trend, on the scale of its column.
function spark(row, at, scale) {
  const values = valuesOf(row, at);
  if (values.filter((value) => value !== null).length < 2) return null;
  const [low, high] = scale;
  const x = (place) => 2 + (96 * place) / (values.length - 1);
  const y = (value) => (high > low ? 18 - (16 * (value - low)) / (high - low) : 10);
  let path = "";
  let joined = false;
  values.forEach((value, place) => {
    if (value !== null) path += (joined ? "L" : "M" + x(place) + " " + y(value) + "L") + x(place) + " " + y(value);
    joined = value !== null;
  });
  const line = draw("path", { d: path });
  return draw("svg", { viewBox: "0 0 100 20", preserveAspectRatio: "none", "aria-hidden": "true", class: "spark" }, line);
}

// The lowest and the highest value of a column among these rows.
function scaleOf(rows, at) {
  const all = rows.flatMap((row) => valuesOf(row, at)).filter((value) => value !== null);
  return all.length ? [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))] : [0, 0];
}

const ARROWS = { up: "▲", down: "▼", same: "=" };

// Up or down since the window before, and whether that is better.
function changeOf(cell, at) {
  if (!cell.change) return ["", ""];
  const higher = words.columns[at].higher;
  const good = higher === null || cell.change === "same" ? "" : (cell.change === "up") === higher ? ", better" : ", worse";
  return [ARROWS[cell.change], (cell.change === "same" ? "as before" : cell.change) + good];
}

// A cell in a sentence, for those who hear the page or point at it.
function saidOf(row, at, cell) {
  const head = words.columns[at];
  const meaning = words.states[STATES.indexOf(cell.state)][1];
  const parts = [
    nameOf(row) + ", " + head.title + ", " + (head.windows[head.windows.length - 1] || ""),
    cell.state === "value" ? [cell.number, head.unit, cell.band].filter(Boolean).join(" ") : meaning,
    countsOf(cell),
    changeOf(cell, at)[1],
    cell.reason,
  ];
  return parts.filter(Boolean).join("; ");
}

function cellElement(row, at, scale) {
  const cell = cellOf(row, at);
  const head = words.columns[at];
  const [arrow, change] = changeOf(cell, at);
  const tail = letterOf(cell.band) + cell.sign + (cell.provisional ? "p" : "");
  const label = button(
    make("span", { class: "number" }, markOf(cell)),
    { "data-cell": row + "," + at, "data-title": head.title, title: saidOf(row, at, cell) },
    tail && make("span", { class: "letter" }, tail),
    arrow && make("span", { class: "change", title: change }, arrow),
    make("span", { class: "of" }, countsOf(cell)),
    make("span", { class: "of" }, cell.underneath),
    make("span", { class: "unseen" }, saidOf(row, at, cell)),
    spark(row, at, scale),
  );
  const classes = [cell.band || cell.state, cell.provisional && "provisional"].filter(Boolean).join(" ");
  return make("td", { class: classes }, label);
}

function rowElement(row, shown, scales, kind) {
  const rows = words.rows;
  const id = rows.name[row] ? make("span", { class: "id" }, rows.id[row]) : null;
  const below = rows.part[row] ? 0 : rows.below[row].length;
  const name = below && kind !== "own"
    ? button(nameOf(row), { "data-go": row, title: below + " below" }, make("span", { class: "more" }, " ›"), id)
    : make("span", {}, nameOf(row), id);
  const head = make("th", { scope: "row", class: rows.part[row] ? "part" : null }, name);
  const cells = rows.part[row] === 2 ? [make("td", { colspan: shown.length, class: "heading" })] : shown.map((at, place) => cellElement(row, at, scales[place]));
  return make("tr", { class: kind || null }, head, ...cells);
}

function headElement(shown, view) {
  const domains = [];
  for (const at of shown) {
    const name = words.columns[at].domain;
    if (domains.length && domains[domains.length - 1][0] === name) domains[domains.length - 1][1]++;
    else domains.push([name, 1]);
  }
  const above = domains.map(([name, span]) => make("th", { class: "domain", colspan: span, scope: "colgroup" }, name));
  const titles = shown.map((at) => {
    const head = words.columns[at];
    const sorted = view.s === head.id ? (view.r ? "descending" : "ascending") : null;
    const rank = button(head.title, { "data-rank": at, title: "rank the rows by this" });
    const sort = button(sorted ? (view.r ? "▼" : "▲") : "↕", { "data-sort": at, class: "sort", "aria-label": "sort by " + head.title });
    return make("th", { scope: "col", "aria-sort": sorted }, rank, sort);
  });
  const about = shown.map((at) => {
    const head = words.columns[at];
    const standard = (head.facts.find(([name]) => name === "Standard") || ["", ""])[1].replace(/ \(.*/, "");
    return make("th", {}, head.windows[head.windows.length - 1] || "", make("br"), make("strong", {}, standard));
  });
  return make(
    "thead",
    {},
    make("tr", {}, make("td"), ...above),
    make("tr", {}, make("th", { scope: "col" }, make("span", { class: "unseen" }, "entity")), ...titles),
    make("tr", { class: "about" }, make("th", {}, "window", make("br"), "standard"), ...about),
  );
}

// The whole table. `own` are the rows that the others are read against.
function mapElement(own, listed, shown, view) {
  const scales = shown.map((at) => scaleOf([...own, ...listed.slice(0, 400)], at));
  const top = make("tbody", { class: "context" }, ...own.map((row) => rowElement(row, shown, scales, "own")));
  const body = make("tbody");
  const table = make(
    "table",
    { class: "map drawn" },
    make("caption", { class: "unseen" }, words.title + ": one row for each entity, one column for each indicator"),
    headElement(shown, view),
    top,
    body,
  );
  const wide = (rem) => make("col", { style: "width: " + rem + "rem" });
  table.querySelector("caption").after(make("colgroup", {}, wide(11), ...shown.map(() => wide(7.4))));
  table.style.width = "max(100%, " + (11 + 7.4 * shown.length) + "rem)";
  const frame = make("div", { class: "frame", tabindex: "0", role: "region", "aria-label": "heat map" }, table);
  if (listed.length <= AT_ONCE) body.append(...listed.map((row) => rowElement(row, shown, scales)));
  else follow(frame, body, listed, (row) => rowElement(row, shown, scales));
  return frame;
}

// Draws the rows in view, with room kept for the others above and below.
function follow(frame, body, listed, element) {
  frame.classList.add("long");
  const room = (rows) => {
    const cell = make("td");
    cell.style.height = rows * ROW_HEIGHT + "px";
    return make("tr", { "aria-hidden": "true", class: "room", hidden: !rows }, cell);
  };
  let drawn = [-1, -1];
  const update = () => {
    const first = Math.max(0, Math.floor(frame.scrollTop / ROW_HEIGHT) - 10);
    const last = Math.min(listed.length, first + Math.ceil((frame.clientHeight || 700) / ROW_HEIGHT) + 20);
    if (first >= drawn[0] && last <= drawn[1] && drawn[1] >= 0 && Math.abs(first - drawn[0]) < 8) return;
    drawn = [first, last];
    body.replaceChildren(room(first), ...listed.slice(first, last).map(element), room(listed.length - last));
  };
  frame.addEventListener("scroll", () => requestAnimationFrame(update), { passive: true });
  update();
  requestAnimationFrame(update);
}
