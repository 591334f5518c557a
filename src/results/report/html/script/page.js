// What is looked at stands in the address, so that it can be sent; the page is drawn from it.
//
//   e  the entity          l  all of this level below it    q  search
//   d  domain   t  tier    k  rows with this colour         g  peers
//   s  sorted by, r  the other way round                    c  ranked by
//   b  the scorecard, by its number from 1; all of them with *
//   p  of the groups of a breakdown, this one alone; none of them with -
//   x  the cell that is open: its row and its indicator, with a comma between

const app = document.getElementById("app");
const FIELDS = ["b", "e", "l", "q", "d", "t", "k", "g", "s", "r", "c", "p", "x"];
let view = {};

function fromAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const found = {};
  for (const field of FIELDS) if (asked.get(field)) found[field] = asked.get(field);
  return found;
}

function toAddress() {
  const said = new URLSearchParams();
  for (const field of FIELDS) if (view[field]) said.set(field, view[field]);
  return "#" + said.toString();
}

// Shows another view, and keeps the way back.
function go(changed) {
  view = { ...view, ...changed };
  history.pushState(null, "", toAddress());
  show();
}

function entityShown() {
  const row = rowOf(view.e);
  return row === undefined ? 0 : row;
}

function columnNamed(id) {
  return words.columns.findIndex((head) => head.id === id);
}

// The scorecard that is looked at, with its columns; nothing where all are.
function boardShown() {
  return view.b === "*" ? undefined : words.scorecards[Number(view.b || 1) - 1];
}

function columnsShown() {
  const board = boardShown();
  const all = board ? board[1] : words.columns.map((_, at) => at);
  return all.filter((at) => {
    const head = words.columns[at];
    return (!view.d || head.domain === view.d) && (!view.t || String(head.tier) === view.t);
  });
}

function descendants(row) {
  return words.rows.below[row].flatMap((one) => [one, ...descendants(one)]);
}

// The entities that are compared, before their groups stand below them.
function entitiesListed(shown) {
  const rows = words.rows;
  const entity = entityShown();
  let list = rows.below[entity];
  if (view.l) list = descendants(entity).filter((row) => words.levels[rows.level[row]] === view.l);
  if (view.q) {
    const wanted = view.q.toLowerCase();
    list = descendants(0).filter((row) => nameOf(row).toLowerCase().includes(wanted) || rows.id[row].toLowerCase().includes(wanted));
  }
  if (view.l || view.q) list = list.filter((row) => shown.some((at) => cellOf(row, at) !== NOTHING));
  if (view.g) list = list.filter((row) => words.groups[rows.group[row] - 1] === view.g);
  if (view.k) list = list.filter((row) => shown.some((at) => cellOf(row, at).band === view.k));
  const at = columnNamed(view.s);
  if (at < 0) return list;
  const value = (row) => (cellOf(row, at).state === "value" ? Number(cellOf(row, at).number) : null);
  return [...list].sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return (left === null) - (right === null);
    return view.r ? right - left : left - right;
  });
}

// These entities, each with the groups of rows that are looked at.
function withGroups(list) {
  const rows = words.rows;
  const wanted = (part) => !view.p || rows.group_name[part] === view.p;
  return list.flatMap((row) => [row, ...rows.parts[row].filter(wanted)]);
}

// The way from the whole down to what is shown.
function crumbs() {
  const way = [];
  for (let row = entityShown(); row >= 0; row = words.rows.above[row]) way.unshift(row);
  const steps = way.map((row, place) => {
    const last = place === way.length - 1;
    return make("li", {}, last ? make("strong", { "aria-current": "page" }, nameOf(row)) : button(nameOf(row), { "data-go": row }));
  });
  return make("nav", { "aria-label": "where you are" }, make("ol", { class: "crumbs" }, ...steps));
}

function controls(count) {
  const once = (values) => [...new Set(values)].filter((value) => value !== "" && value !== null && value !== undefined);
  const option = (value) => [value, String(value).replace(/_/g, " ")];
  const below = once(descendants(entityShown()).map((row) => words.levels[words.rows.level[row]]));
  const domains = once(words.columns.map((head) => head.domain));
  const tiers = once(words.columns.map((head) => head.tier));
  const bar = make("form", { class: "controls", role: "search" });
  bar.append(make("label", {}, "Search ", make("input", { type: "search", name: "q", value: view.q || "", placeholder: "name or id" })));
  if (words.scorecards.length > 1) {
    const boards = words.scorecards.map(([title], number) => [number + 1, title]);
    bar.append(choice("Scorecard", "b", [...boards, ["*", "all"]], view.b || 1));
  }
  if (below.length > 1) bar.append(choice("Rows", "l", [["", "one level down"], ...below.map((level) => [level, "every " + level])], view.l || ""));
  if (domains.length > 1) bar.append(choice("Domain", "d", [["", "all"], ...domains.map(option)], view.d || ""));
  if (tiers.length > 0) bar.append(choice("Tier", "t", [["", "all"], ...tiers.map(option)], view.t || ""));
  bar.append(choice("Colour", "k", [["", "any"], ["red", "with red"], ["yellow", "with yellow"], ["green", "with green"]], view.k || ""));
  if (words.groups.length) bar.append(choice("Peers", "g", [["", "all"], ...words.groups.map(option)], view.g || ""));
  const broken = once(words.rows.group_name);
  if (broken.length) bar.append(choice("Groups", "p", [["", "all"], ["-", "none"], ...broken.map((name) => [name, name])], view.p || ""));
  bar.append(make("output", { role: "status" }, count + (count === 1 ? " row" : " rows")));
  return bar;
}

const TIPS = [
  "A colour says where to look, not why, and not who is good: hard cases make low numbers, easy ones high numbers.",
  "Along a row: red everywhere points at something that all share, such as caseload, tenure or services; a single red shows where to look first.",
  "Down a column: compare with those that are alike, the urban with the urban.",
  "Through the levels: an average hides its parts; a green may stand on one very good part and three poor ones.",
  "What makes the good ones good teaches as much as what makes the poor ones poor.",
  "One point is no trend: look at the months behind it before you ask what happened.",
];

function show() {
  const shown = columnsShown();
  const entity = entityShown();
  const listed = entitiesListed(shown);
  const own = withGroups(entity === 0 ? [0] : [0, entity]);
  const at = columnNamed(view.c);
  const focused = document.activeElement && document.activeElement.name === "q" ? document.activeElement.selectionStart : null;
  const main = at >= 0
    ? rankElement(own.filter((row) => !words.rows.part[row]), listed, at, view)
    : mapElement(own, withGroups(listed), shown, view);
  const tips = make("details", { class: "tips" }, make("summary", {}, "How to read it"), make("ul", {}, ...TIPS.map((tip) => make("li", {}, tip))));
  const ids = shown.map((at) => words.columns[at].id);
  for (const section of document.querySelectorAll(".definitions > section")) section.hidden = !ids.includes(section.id);
  document.querySelector("h1").textContent = boardShown() ? boardShown()[0] : words.title;
  app.replaceChildren(crumbs(), controls(listed.length), main, tips);
  const open = (view.x || "").split(",");
  const [row, column] = [rowOf(open[0]), columnNamed(open[1])];
  if (row !== undefined && column >= 0) {
    const panel = panelElement(row, column);
    app.append(panel);
    panel.focus();
  }
  if (focused !== null) {
    const field = app.querySelector("[name=q]");
    field.focus();
    field.setSelectionRange(focused, focused);
  }
}

function clicked(event) {
  const target = event.target.closest("button");
  if (!target) return;
  const data = target.dataset;
  if (data.go !== undefined) go({ e: Number(data.go) ? keyOf(Number(data.go)) : "", l: "", q: "", x: "" });
  else if (data.cell) {
    const [row, at] = data.cell.split(",").map(Number);
    go({ x: keyOf(row) + "," + words.columns[at].id });
  } else if (data.rank !== undefined) go({ c: words.columns[Number(data.rank)].id, x: "", r: "" });
  else if (data.sort !== undefined) {
    const id = words.columns[Number(data.sort)].id;
    go(view.s === id ? { r: view.r ? "" : "1" } : { s: id, r: "" });
  } else if (data.back !== undefined) go({ c: "", r: "" });
  else if (data.turn !== undefined) go({ r: view.r ? "" : "1" });
  else if (data.close !== undefined) closePanel();
}

function closePanel() {
  const from = view.x;
  go({ x: "" });
  const [row, column] = (from || "").split(",");
  const back = app.querySelector('[data-cell="' + rowOf(row) + "," + columnNamed(column) + '"]');
  if (back) back.focus();
}

function listen() {
  app.addEventListener("click", clicked);
  app.addEventListener("submit", (event) => event.preventDefault());
  app.addEventListener("change", (event) => event.target.name && event.target.name !== "q" && go({ [event.target.name]: event.target.value }));
  app.addEventListener("input", (event) => {
    if (event.target.name !== "q") return;
    view.q = event.target.value;
    history.replaceState(null, "", toAddress());
    show();
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && view.x && closePanel());
  window.addEventListener("popstate", () => {
    view = fromAddress();
    show();
  });
}

load().then(
  () => {
    view = fromAddress();
    listen();
    document.getElementById("static").hidden = true;
    app.hidden = false;
    show();
    document.documentElement.dataset.ready = "yes";
  },
  (error) => console.error("the page stays as it stands without its script", error),
);
