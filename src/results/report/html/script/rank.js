// The rows ranked by one indicator: a dot for each on one axis with the standard, and of
// percentages of rows a funnel, which shows how far chance alone would take a row of its size.

const DOTS = { width: 760, height: 150, left: 30, right: 30 };
const FUNNEL = { width: 760, height: 300, left: 46, right: 16, top: 14, bottom: 40 };

function ranked(list, at, falling) {
  const known = list.map((row) => [row, cellOf(row, at)]).filter(([, cell]) => cell.state === "value");
  return known.sort((a, b) => (falling ? -1 : 1) * (Number(a[1].number) - Number(b[1].number)));
}

function rankElement(own, listed, at, view) {
  const head = words.columns[at];
  const falling = head.higher !== false;
  const found = ranked(listed.filter((row) => !words.rows.part[row]), at, falling !== Boolean(view.r));
  const without = listed.filter((row) => !words.rows.part[row] && cellOf(row, at).state !== "value").length;
  const line = ([row, cell], place) =>
    make(
      "tr",
      {},
      make("td", {}, String(place + 1)),
      make("th", { scope: "row" }, button(nameOf(row), { "data-cell": row + "," + at })),
      make("td", { class: cell.band || cell.state }, cell.number + " " + letterOf(cell.band) + cell.sign),
      make("td", {}, countsOf(cell)),
      make("td", {}, cell.low && cell.low + " to " + cell.high),
      head.own ? make("td", {}, aimOf(row, at)) : null,
    );
  const named = ["rank", "entity", head.unit, "counts", "95 % interval", ...(head.own ? ["its own standard"] : [])];
  const heads = named.map((name) => make("th", { scope: "col" }, name));
  return make(
    "section",
    { class: "rank" },
    make("h2", {}, head.title + ", ranked"),
    make("p", {}, head.question),
    button("Back to the heat map", { "data-back": true }),
    button("Turn the order round", { "data-turn": true }),
    found.length ? dotsElement(found, at, own) : make("p", {}, "No row has a value."),
    funnelElement(found, at, own),
    make("div", { class: "wide" }, make("table", { class: "numbers" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...found.slice(0, 400).map(line)))),
    without ? make("p", { class: "quiet" }, without + " without a value") : null,
  );
}

function dotsElement(found, at, own) {
  const head = words.columns[at];
  const whole = own.map((row) => cellOf(row, at)).filter((cell) => cell.state === "value");
  const standard = head.standards.length ? head.standards[head.standards.length - 1].filter((end) => end !== null) : [];
  const figures = [...found.map(([, cell]) => Number(cell.number)), ...standard, ...whole.map((cell) => Number(cell.number))];
  const [low, high] = [Math.min(...figures), Math.max(...figures)];
  const { width, height, left, right } = DOTS;
  const x = (value) => left + ((width - left - right) * (high > low ? value - low : 0.5)) / (high > low ? high - low : 1);
  const svg = draw("svg", { viewBox: "0 0 " + width + " " + height, class: "chart", role: "img", "aria-label": found.length + " rows from " + low + " to " + high });
  svg.append(draw("path", { class: "grid", d: "M" + left + " " + (height - 30) + "H" + (width - right) }));
  for (const tick of ticks(low, high, 6)) svg.append(draw("text", { x: x(tick), y: height - 12, "text-anchor": "middle" }, String(tick)));
  for (const end of standard) svg.append(draw("path", { class: "aim", d: "M" + x(end) + " 8V" + (height - 30) }, draw("title", {}, "standard " + end)));
  for (const cell of whole) svg.append(draw("path", { class: "whole", d: "M" + x(Number(cell.number)) + " 8V" + (height - 30) }, draw("title", {}, "together " + cell.number)));
  // Dots at one place stand on each other.
  const piles = new Map();
  for (const [row, cell] of found) {
    const across = x(Number(cell.number));
    const pile = Math.round(across / 9);
    const up = piles.get(pile) || 0;
    piles.set(pile, up + 1);
    const point = pointElement(cell.band, across, Math.max(10, height - 40 - up * 10), cell.provisional);
    point.append(draw("title", {}, nameOf(row) + ": " + cell.number + "; " + countsOf(cell)));
    svg.append(point);
  }
  return svg;
}

// 95 and 99.8 of 100 rows would lie within, were chance alone between them and all together:
// share ± z √(share (1 - share) / rows).
const FUNNEL_ENDS = [[1.96, "95"], [3.09, "99.8"]];

function funnelElement(found, at, own) {
  const head = words.columns[at];
  const figure = (said) => Number(said.replace(/,/g, ""));
  const rows = found.map(([row, cell]) => [row, cell, figure(cell.below)]).filter(([, cell, n]) => cell.low && n > 0);
  const together = own.map((row) => cellOf(row, at)).filter((cell) => cell.state === "value");
  if (head.unit !== "percent" || rows.length < 5 || !together.length) return null;
  const share = Number(together[together.length - 1].number) / 100;
  const most = Math.max(...rows.map(([, , n]) => n));
  const { width, height, left, right, top, bottom } = FUNNEL;
  const x = (n) => left + ((width - left - right) * n) / most;
  const y = (percent) => height - bottom - ((height - top - bottom) * percent) / 100;
  const svg = draw("svg", { viewBox: "0 0 " + width + " " + height, class: "chart", role: "img", "aria-label": "funnel: value by number of cases" });
  for (const tick of ticks(0, 100, 5)) {
    svg.append(draw("path", { class: "grid", d: "M" + left + " " + y(tick) + "H" + (width - right) }));
    svg.append(draw("text", { x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, String(tick)));
  }
  for (const tick of ticks(0, most, 6)) svg.append(draw("text", { x: x(tick), y: height - 20, "text-anchor": "middle" }, String(tick)));
  for (const [z, said] of FUNNEL_ENDS) {
    for (const way of [-1, 1]) {
      let path = "";
      for (let part = 1; part <= 100; part++) {
        const n = (most * part) / 100;
        const end = 100 * (share + way * z * Math.sqrt((share * (1 - share)) / n));
        path += (path ? "L" : "M") + x(n) + " " + y(Math.min(100, Math.max(0, end)));
      }
      svg.append(draw("path", { class: "limit", d: path }, draw("title", {}, said + " of 100 within")));
    }
  }
  svg.append(draw("path", { class: "whole", d: "M" + left + " " + y(100 * share) + "H" + (width - right) }));
  for (const [row, cell, n] of rows) {
    const point = pointElement(cell.band, x(n), y(Number(cell.number)), cell.provisional);
    point.append(draw("title", {}, nameOf(row) + ": " + cell.number + "; " + countsOf(cell)));
    svg.append(point);
  }
  svg.append(draw("text", { x: width - right, y: height - 4, "text-anchor": "end" }, "cases"));
  const note = "Within the inner lines 95 of 100 rows would lie, within the outer 99.8, if nothing but chance set them apart from all together.";
  return make("figure", {}, svg, make("figcaption", { class: "quiet" }, note));
}
