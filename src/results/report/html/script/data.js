// What the page knows: the words and the cells at its end, unpacked. No figure is computed here;
// digits are put together as they were rounded.

const STATES = ["value", "no_cases", "too_few", "not_estimable", "suppressed", "not_observable", "bad_data"];
const BANDS = ["", "green", "yellow", "red"];
const SIGNS = ["", "!", "~", "?"];
const UNASSIGNED = "unassigned";
const CHANGES = ["", "same", "up", "down"];

let words;
let stream;
// Where the cells of each column begin.
let starts;
const decoded = new Map();
// The rows behind the latest cells, by column; none unless they were asked for.
const listed = new Map();

async function unpacked(id) {
  const packed = atob(document.getElementById(id).textContent);
  const bytes = Uint8Array.from(packed, (sign) => sign.charCodeAt(0));
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}

async function load() {
  words = JSON.parse(new TextDecoder().decode(await unpacked("words")));
  stream = await unpacked("cells");
  starts = [];
  words.lengths.reduce((start, length) => (starts.push(start), start + length), 0);
  placeRows();
  if (!document.getElementById("cases")) return;
  const lists = JSON.parse(new TextDecoder().decode(await unpacked("cases")));
  for (const list of lists) listed.set(list.column, list);
}

// Each row's entity above it (or, of a group of rows, the entity it is part of), and what is below.
function placeRows() {
  const rows = words.rows;
  rows.count = rows.id.length;
  rows.above = new Int32Array(rows.count).fill(-1);
  rows.below = Array.from({ length: rows.count }, () => []);
  rows.parts = Array.from({ length: rows.count }, () => []);
  // Of a group of rows, its name behind that of its breakdown, where there are several.
  rows.group_name = new Array(rows.count).fill("");
  rows.find = new Map();
  const chain = [];
  let breakdown = "";
  let entity = -1;
  let context = -1;
  for (let row = 0; row < rows.count; row++) {
    if (rows.part[row]) {
      rows.above[row] = entity;
      rows.parts[entity].push(row);
      if (rows.part[row] === 2) breakdown = nameOf(row) + ": ";
      else rows.group_name[row] = breakdown + nameOf(row);
      continue;
    }
    entity = row;
    breakdown = "";
    rows.find.set(keyOf(row), row);
    if (row < words.context) {
      rows.above[row] = context;
      context = row;
    } else {
      while (chain.length && rows.depth[chain[chain.length - 1]] >= rows.depth[row]) chain.pop();
      rows.above[row] = chain.length ? chain[chain.length - 1] : context;
      chain.push(row);
    }
  }
  placeUnassigned();
  for (let row = 0; row < rows.count; row++) {
    if (!rows.part[row] && rows.above[row] >= 0) rows.below[rows.above[row]].push(row);
  }
}

// Who lies under nobody today stands under those of the level above that are nobody's.
function placeUnassigned() {
  const rows = words.rows;
  for (let row = words.context; row < rows.count; row++) {
    if (rows.part[row] || rows.above[row] < 0) continue;
    const before = rows.level[row] - 1;
    const nobody = rows.find.get(words.levels[before] + ":" + UNASSIGNED);
    if (rows.level[rows.above[row]] < before && nobody !== undefined && nobody !== row) rows.above[row] = nobody;
  }
}

function keyOf(row) {
  const rows = words.rows;
  if (!rows.part[row]) return words.levels[rows.level[row]] + ":" + rows.id[row];
  return keyOf(rows.above[row]) + "/" + rows.parts[rows.above[row]].indexOf(row);
}

function rowOf(key) {
  const [entity, part] = (key || "").split("/");
  const row = words.rows.find.get(entity);
  return row === undefined || part === undefined ? row : words.rows.parts[row][Number(part)];
}

function nameOf(row) {
  return words.rows.name[row] || words.rows.id[row];
}

// Reads whole numbers, seven bits a byte, the lowest first.
function reader(start) {
  let at = start;
  return () => {
    let number = 0;
    let weight = 1;
    for (;;) {
      const byte = stream[at++];
      number += (byte & 127) * weight;
      if (byte < 128) return number;
      weight *= 128;
    }
  };
}

// The cells of a column, unpacked when they are first looked at.
function columnOf(at) {
  if (!decoded.has(at)) decoded.set(at, decode(at));
  return decoded.get(at);
}

function decode(at) {
  const next = reader(starts[at]);
  const [tracks, windows] = [next(), next()];
  const column = { windows, place: new Map() };
  for (let number = 0, row = 0; number < tracks; number++) {
    row += next();
    column.place.set(row, number);
  }
  const fill = (array) => {
    for (let place = 0; place < array.length; place++) array[place] = next();
    return array;
  };
  const cells = tracks * windows;
  column.kind = fill(new Uint8Array(cells));
  for (const field of ["number", "above", "below"]) column[field] = fill(new Float64Array(cells));
  for (const field of ["undetermined", "unsure", "unread"]) column[field] = fill(new Float64Array(cells));
  column.excluded = words.columns[at].exclusions.map(() => fill(new Float64Array(cells)));
  for (const field of ["low", "high", "least", "most"]) column[field] = fill(new Float64Array(cells));
  column.reason = fill(new Int32Array(cells));
  if (words.columns[at].own) for (const field of ["aim_least", "aim_most"]) column[field] = fill(new Float64Array(cells));
  column.underneath = new Int32Array(tracks);
  column.change = new Uint8Array(tracks);
  column.signals = new Map();
  for (let track = 0; track < tracks; track++) {
    column.underneath[track] = next();
    column.change[track] = next();
    const variation = next();
    if (!variation) continue;
    const assurance = next();
    column.signals.set(track, { variation, assurance, special: Array.from({ length: windows }, next) });
  }
  return column;
}

// A figure as text, from its digits and how many stand behind the point; empty of none.
function text(figure) {
  if (!figure) return "";
  const behind = (figure - 1) % 8;
  const folded = (figure - 1 - behind) / 8;
  const negative = folded % 2 === 1;
  const size = String(negative ? (folded + 1) / 2 : folded / 2).padStart(behind + 1, "0");
  const whole = behind ? size.slice(0, -behind) : size;
  return (negative ? "-" : "") + whole + (behind ? "." + size.slice(-behind) : "");
}

// The same with strokes between thousands.
function grouped(figure) {
  const [whole, part] = text(figure).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part === undefined ? "" : "." + part);
}

// A count as text; one more than itself is kept, as 0 is none.
function counted(count) {
  return count ? grouped((count - 1) * 16 + 1) : "";
}

const NOTHING = { state: "no_cases", band: "", sign: "", provisional: false, number: "", above: "", below: "", reason: "" };

// A cell of a row and a column; without a window the latest.
function cellOf(row, at, window) {
  const column = columnOf(at);
  const track = column.place.get(row);
  if (track === undefined || !column.windows) return NOTHING;
  const latest = window === undefined;
  const place = track * column.windows + (latest ? column.windows - 1 : window);
  const kind = column.kind[place];
  return {
    state: STATES[kind & 7],
    band: BANDS[(kind >> 3) & 3],
    sign: SIGNS[(kind >> 5) & 3],
    provisional: kind > 127,
    number: text(column.number[place]),
    above: grouped(column.above[place]),
    below: grouped(column.below[place]),
    undetermined: counted(column.undetermined[place]),
    unsure: counted(column.unsure[place]),
    unread: counted(column.unread[place]),
    excluded: column.excluded.map((counts) => counted(counts[place])),
    low: text(column.low[place]),
    high: text(column.high[place]),
    least: text(column.least[place]),
    most: text(column.most[place]),
    reason: words.sentences[column.reason[place] - 1] || "",
    underneath: latest ? words.sentences[column.underneath[track] - 1] || "" : "",
    change: latest ? CHANGES[column.change[track]] : "",
  };
}

// The plans of a row, of none of its groups.
function plansOf(row, at) {
  return (words.plans || []).filter((plan) => plan.row === row && plan.column === at);
}

// What the chart of a row says: whether the latest value is more than chance, whether the standard
// will be met, and which windows are more than chance. Nothing where nobody can tell.
function signalsOf(row, at) {
  const column = columnOf(at);
  const found = column.signals.get(column.place.get(row));
  if (!found) return { variation: "", assurance: "", special: [] };
  const said = (number) => words.sentences[number - 1] || "";
  return { variation: said(found.variation), assurance: said(found.assurance), special: found.special };
}

// What stands in a cell: the number, or the word for its absence.
function markOf(cell) {
  return cell.state === "value" ? cell.number : words.states[STATES.indexOf(cell.state)][0];
}

function letterOf(band) {
  return band ? band[0].toUpperCase() : "";
}

// `31 of 33`; of a median `33 cases`.
function countsOf(cell) {
  if (!cell.below || cell.below === "0") return "";
  return cell.above ? cell.above + " of " + cell.below : cell.below + " cases";
}

// The values of a row over the windows, for drawing; null where there is none.
function valuesOf(row, at) {
  const column = columnOf(at);
  const track = column.place.get(row);
  if (track === undefined) return [];
  const values = new Array(column.windows);
  for (let window = 0; window < column.windows; window++) {
    values[window] = valueOf(column.number[track * column.windows + window]);
  }
  return values;
}

// The least and the most green value of a row in a window: its own, or the one for all.
function standardOf(row, at, window) {
  const head = words.columns[at];
  if (!head.own) return head.standards[window] || [null, null];
  const column = columnOf(at);
  const track = column.place.get(row);
  if (track === undefined) return [null, null];
  return [column.aim_least, column.aim_most].map((ends) => valueOf(ends[track * column.windows + window]));
}

// `at least 80` of a row's own standard in the latest window; empty without one.
function aimOf(row, at) {
  const head = words.columns[at];
  if (!head.own) return "";
  const [least, most] = standardOf(row, at, head.windows.length - 1);
  if (least !== null && most !== null) return least + " to " + most;
  if (least !== null) return "at least " + least;
  return most === null ? "" : "at most " + most;
}

// A figure as a number, for drawing and sorting alone.
function valueOf(figure) {
  if (!figure) return null;
  const behind = (figure - 1) % 8;
  const folded = (figure - 1 - behind) / 8;
  return (folded % 2 ? -(folded + 1) / 2 : folded / 2) / 10 ** behind;
}
