// The chart of a row over its windows: values with their colours, gaps, and the standard with its
// changes.

const CHART = { width: 560, height: 250, left: 46, right: 12, top: 14, bottom: 34 };

// About so many round figures between two ends.
function ticks(low, high, about) {
  const span = high - low || 1;
  const raw = span / about;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((times) => times * size).find((one) => one >= raw);
  const found = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step / 1e6; tick += step) found.push(Number(tick.toPrecision(12)));
  return found;
}

// Each colour has its shape, so that it is told without colour.
function pointElement(band, x, y, provisional) {
  const attributes = { class: "point " + (band || "none") + (provisional ? " open" : "") };
  if (band === "red") return draw("path", { ...attributes, d: "M" + x + " " + (y - 5.5) + "l5 9h-10z" });
  if (band === "yellow") return draw("path", { ...attributes, d: "M" + x + " " + (y - 5) + "l5 5l-5 5l-5 -5z" });
  return draw("circle", { ...attributes, cx: x, cy: y, r: 4.2 });
}

function chartElement(row, at) {
  const head = words.columns[at];
  const values = valuesOf(row, at);
  const known = values.filter((value) => value !== null);
  if (!known.length) return make("p", { class: "quiet" }, "No window has a value.");
  const standards = values.map((_, place) => standardOf(row, at, place));
  const paths = plansOf(row, at).map((plan) => plan.path);
  const all = [...known, ...[...standards, ...paths].flat().filter((end) => end !== null)];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const pad = (high - low || 1) * 0.08;
  const floor = low >= 0 ? Math.max(0, low - pad) : low - pad;
  const roof = head.unit === "percent" ? Math.min(100, high + pad) : high + pad;
  const { width, height, left, right, top, bottom } = CHART;
  const x = (place) => left + 8 + ((width - left - right - 16) * place) / Math.max(1, values.length - 1);
  const y = (value) => height - bottom - ((height - top - bottom) * (value - floor)) / (roof - floor || 1);
  const svg = draw("svg", { viewBox: "0 0 " + width + " " + height, class: "chart", role: "img", "aria-label": chartSaid(row, at, known) });
  for (const tick of ticks(floor, roof, 5)) {
    svg.append(draw("path", { class: "grid", d: "M" + left + " " + y(tick) + "H" + (width - right) }));
    svg.append(draw("text", { x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, String(tick)));
  }
  const half = values.length > 1 ? (x(1) - x(0)) / 2 : 20;
  for (const end of [0, 1]) {
    let path = "";
    standards.forEach((standard, place) => {
      if (standard[end] !== null) path += "M" + (x(place) - half) + " " + y(standard[end]) + "h" + 2 * half;
    });
    if (path) svg.append(draw("path", { class: "aim", d: path }));
  }
  for (const expected of paths) {
    let path = "";
    expected.forEach((value, place) => {
      if (value !== null) path += (path ? "L" : "M") + x(place) + " " + y(value);
    });
    if (path) svg.append(draw("path", { class: "planned", d: path }, draw("title", {}, "what the plan expects")));
  }
  let path = "";
  values.forEach((value, place) => {
    if (value !== null) path += (place && values[place - 1] !== null ? "L" : "M") + x(place) + " " + y(value);
  });
  svg.append(draw("path", { class: "line", d: path }));
  const { special } = signalsOf(row, at);
  values.forEach((value, place) => {
    const cell = cellOf(row, at, place);
    const said = [head.ends[place] + ": " + markOf(cell), cell.band, countsOf(cell), cell.reason].filter(Boolean).join("; ");
    if (value === null) {
      svg.append(draw("text", { x: x(place), y: height - bottom - 3, "text-anchor": "middle", class: "gap" }, draw("title", {}, said), "·"));
      return;
    }
    const point = pointElement(cell.band, x(place), y(value), cell.provisional);
    point.append(draw("title", {}, said));
    if (special[place]) svg.append(draw("circle", { class: "special", cx: x(place), cy: y(value), r: 9 }, draw("title", {}, "more than chance; " + said)));
    svg.append(point);
  });
  const step = Math.max(1, Math.ceil(values.length / 5));
  for (let place = values.length - 1; place >= 0; place -= step) {
    const anchor = place === values.length - 1 ? "end" : place === 0 ? "start" : "middle";
    svg.append(draw("text", { x: x(place), y: height - 12, "text-anchor": anchor }, head.ends[place]));
  }
  return svg;
}

function chartSaid(row, at, known) {
  const head = words.columns[at];
  return head.title + ", " + nameOf(row) + ": " + known.length + " windows with a value, from " + known[0] + " to " + known[known.length - 1];
}
