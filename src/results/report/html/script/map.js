// The heat map: entities down, indicators across. Of long lists only what is in view is drawn.

const ROW_HEIGHT = 66;
// More rows than this are drawn as they come into view.
const AT_ONCE = 120;
// So many rows are drawn above and below those in view.
const MARGIN = 5;
// And so many columns beside those in view.
const COLUMNS_AHEAD = 3;

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
    { "data-cell": row + "," + at, "data-title": head.title },
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

function bareElement(row, at) {
  const cell = cellOf(row, at);
  return make("td", { class: cell.band || cell.state });
}

// `across` tells which columns are in view; of the others only the colour is drawn.
function rowElement(row, shown, scales, kind, across) {
  const rows = words.rows;
  const id = rows.name[row] ? make("span", { class: "id" }, rows.id[row]) : null;
  const below = rows.part[row] ? 0 : rows.below[row].length;
  const name = below && kind !== "own"
    ? button(nameOf(row), { "data-go": row, title: below + " below" }, make("span", { class: "more" }, " ›"), id)
    : make("span", {}, nameOf(row), id);
  const head = make("th", { scope: "row", class: rows.part[row] ? "part" : null }, name);
  const cells = rows.part[row] === 2 ? [make("td", { colspan: shown.length, class: "heading" })] : shown.map((at, place) => (across && (place < across[0] || place >= across[1]) ? bareElement(row, at) : cellElement(row, at, scales[place])));
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
  table.querySelector("caption").after(make("colgroup", {}, wide(11), ...shown.map(() => wide(7.9))));
  table.style.width = "max(100%, " + (11 + 7.9 * shown.length) + "rem)";
  const frame = make("div", { class: "frame", tabindex: "0", role: "region", "aria-label": "heat map" }, table);
  if (listed.length <= AT_ONCE) body.append(...listed.map((row) => rowElement(row, shown, scales)));
  else follow(frame, body, listed, shown.length, (row, across) => rowElement(row, shown, scales, null, across));
  return frame;
}

// The first column in view and the one after the last. To ask how wide a column is makes the browser
// lay out the page, so it is known from when the frame was as wide.
function columnsInView(frame, columns) {
  if (frame.dataset.asWideAs !== String(frame.clientWidth)) {
    const head = frame.querySelector("thead th[scope=col]:last-child");
    frame.dataset.asWideAs = frame.clientWidth;
    frame.dataset.column = (head && head.offsetWidth) || 118;
  }
  const wide = Number(frame.dataset.column);
  const first = Math.floor(frame.scrollLeft / wide);
  return [Math.min(first, columns), Math.min(columns, first + Math.ceil((frame.clientWidth || 1200) / wide))];
}

// Draws the rows in view, with room kept for the others above and below. Rows that stay in view are
// left as they are.
function follow(frame, body, listed, columns, element) {
  frame.classList.add("long");
  const room = () => make("tr", { "aria-hidden": "true", class: "room" }, make("td"));
  const [before, after] = [room(), room()];
  const set = (of, rows) => {
    of.hidden = !rows;
    of.firstChild.style.height = rows * ROW_HEIGHT + "px";
  };
  const drawn = new Map();
  let asked = false;
  let across = [0, 0];
  const update = () => {
    asked = false;
    const seen = columnsInView(frame, columns);
    if (seen[0] < across[0] || seen[1] > across[1]) {
      across = [seen[0] - COLUMNS_AHEAD, seen[1] + COLUMNS_AHEAD];
      drawn.forEach((row) => row.remove());
      drawn.clear();
    }
    const first = Math.max(0, Math.floor(frame.scrollTop / ROW_HEIGHT) - MARGIN);
    const last = Math.min(listed.length, first + Math.ceil((frame.clientHeight || 700) / ROW_HEIGHT) + 2 * MARGIN);
    for (const [place, row] of drawn) {
      if (place >= first && place < last) continue;
      row.remove();
      drawn.delete(place);
    }
    let next = after;
    for (let place = last - 1; place >= first; place--) {
      if (!drawn.has(place)) {
        drawn.set(place, element(listed[place], across));
        body.insertBefore(drawn.get(place), next);
      }
      next = drawn.get(place);
    }
    set(before, first);
    set(after, listed.length - last);
  };
  body.append(before, after);
  frame.addEventListener(
    "scroll",
    () => {
      if (!asked) requestAnimationFrame(update);
      asked = true;
    },
    { passive: true },
  );
  update();
  requestAnimationFrame(update);
}
