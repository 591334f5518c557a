'use strict';
// The page: texts on the left, what they come to on the right. All that is computed comes from the
// worker; everything is put on the page as text.

const PATIENCE = 10000; // milliseconds that one answer may take
const SOON = 400; // milliseconds after which the page says that it is at work
const PAUSE = 150; // milliseconds without a key before the texts are looked at
const MOST = 600000; // bytes that a link may hold

const by = (id) => document.getElementById(id);
const examples = JSON.parse(by('given').textContent);
let files = [];
let shown = 0; // the number of the text in the pane
let findings = [];

function make(name, properties = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) made[key] = value; else made.setAttribute(key, value);
  }
  made.append(...inside.filter((part) => part !== null && part !== ''));
  return made;
}

// ---- The worker -------------------------------------------------------------------------------

let worker = null;
let bytes = null; // the program
let ready = false;
let asked = 0; // the number of the last question
let note = ''; // what is said once, with the first answer
let waiting = null; // the question that is being answered: its number and its timer
let pending = false; // whether the texts have changed meanwhile

async function unpacked(text) {
  const packed = Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function hire() {
  ready = false;
  const source = new Blob([by('background').textContent], { type: 'text/javascript' });
  const address = URL.createObjectURL(source);
  worker = new Worker(address);
  worker.onmessage = ({ data }) => take(data);
  worker.onerror = (event) => state(`The program does not start: ${event.message}`, true);
  worker.postMessage({ program: bytes });
}

function take(data) {
  if (data.broken) return state(`The program does not start: ${data.broken}`, true);
  if (data.ready) {
    ready = true;
    return next();
  }
  if (!waiting || data.number !== waiting.number) return;
  clearTimeout(waiting.timer);
  clearTimeout(waiting.late);
  waiting = null;
  if (data.internal) {
    old(true);
    state('Internal error', true);
    tell([{ severity: 'error', code: '', places: [], message: `internal error: ${data.internal}`,
      help: 'this is a mistake of the program: please report it with the text' }]);
  } else {
    show(data.answer);
  }
  document.documentElement.dataset.answered = data.number;
  next();
}

// Asks what the texts come to, if they have changed and nothing is being answered.
function next() {
  if (!pending || !ready || waiting) return;
  pending = false;
  const number = ++asked;
  waiting = { number, timer: setTimeout(give_up, PATIENCE), late: setTimeout(working, SOON) };
  worker.postMessage({ number, question: JSON.stringify({ files }) });
}

// What stands there is marked as old before anybody takes it for the answer.
function working() {
  old(true);
  state('Working …');
}

function give_up() {
  worker.terminate();
  waiting = null;
  old(true);
  state('This text takes too long here', true);
  tell([{ severity: 'error', code: '', places: [],
    message: `no answer within ${PATIENCE / 1000} seconds: the rows are too many for the playground`,
    help: 'draw fewer rows, or use `yardstick test`' }]);
  document.documentElement.dataset.answered = asked;
  hire();
}

function state(text, bad = false) {
  by('state').textContent = text;
  by('state').classList.toggle('bad', bad);
}

// ---- The texts --------------------------------------------------------------------------------

function put(given) {
  files = given.map(({ path, text }) => ({ path, text }));
  const first = files.findIndex((file) => /^\s*test\s/m.test(file.text));
  choose(first < 0 ? 0 : first);
  changed(0);
}

function choose(number) {
  shown = number;
  by('tabs').replaceChildren(...files.map((file, at) => make('button', {
    type: 'button', role: 'tab', id: `tab${at}`, 'aria-selected': String(at === shown), 'aria-controls': 'pane',
    tabIndex: at === shown ? 0 : -1, textContent: file.path, onclick: () => choose(at), onkeydown: turned,
  })));
  by('pane').setAttribute('aria-labelledby', `tab${shown}`);
  by('text').value = files[shown].text;
  by('text').setAttribute('aria-label', `Text of ${files[shown].path}`);
  number_lines();
}

// The arrows go from tab to tab.
function turned(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  choose((shown + step + files.length) % files.length);
  by(`tab${shown}`).focus();
}

function number_lines() {
  const marks = new Map();
  for (const finding of findings) {
    for (const place of finding.places.slice(0, 1)) {
      if (place.file === files[shown].path && marks.get(place.line) !== 'error') marks.set(place.line, finding.severity);
    }
  }
  const count = by('text').value.split('\n').length;
  const lines = [];
  let plain = '';
  for (let line = 1; line <= count; line += 1) {
    const mark = marks.get(line);
    if (mark) {
      if (plain) lines.push(plain);
      plain = '';
      lines.push(make('b', { className: mark, textContent: line }));
    } else {
      plain += `${line}\n`;
    }
  }
  by('lines').replaceChildren(...lines, plain, '\n\n');
  by('lines').scrollTop = by('text').scrollTop;
}

let timer = null;
function changed(pause = PAUSE) {
  clearTimeout(timer);
  timer = setTimeout(() => { pending = true; next(); }, pause);
}

by('text').addEventListener('input', () => {
  files[shown].text = by('text').value;
  number_lines();
  changed();
});
by('text').addEventListener('scroll', () => { by('lines').scrollTop = by('text').scrollTop; });

let leaving = false; // whether the next Tab leaves the text
by('text').addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    leaving = true;
  } else if (event.key === 'Tab' && !event.shiftKey && !leaving) {
    event.preventDefault();
    // So that it can be undone; where that is not to be had, without.
    if (!document.execCommand('insertText', false, '  ')) {
      by('text').setRangeText('  ', by('text').selectionStart, by('text').selectionEnd, 'end');
      by('text').dispatchEvent(new Event('input'));
    }
  } else if (event.key !== 'Shift') {
    leaving = false;
  }
});

// The place of a line and a column, which counts characters and not units of UTF-16.
function offset(text, line, column) {
  let at = 0;
  for (let passed = 1; passed < line; passed += 1) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  for (let passed = 1; passed < column && at < text.length && text[at] !== '\n'; passed += 1) {
    at += text.codePointAt(at) > 0xffff ? 2 : 1;
  }
  return at;
}

function go_to(place) {
  const number = files.findIndex((file) => file.path === place.file);
  if (number < 0) return;
  choose(number);
  const text = by('text');
  const from = offset(text.value, place.line, place.column ?? 1);
  const to = place.end_line ? offset(text.value, place.end_line, place.end_column) : from;
  text.focus();
  text.setSelectionRange(from, Math.max(from, to));
  const height = parseFloat(getComputedStyle(text).lineHeight);
  text.scrollTop = Math.max(0, (place.line - 4) * height);
  text.scrollLeft = 0;
}

// ---- What is said -----------------------------------------------------------------------------

function place_button(place) {
  const column = place.column ? `:${place.column}` : '';
  return make('button', { type: 'button', className: 'place', textContent: `${place.file}:${place.line}${column}`,
    onclick: () => go_to(place) });
}

function tell(found) {
  findings = found;
  const items = found.map((finding) => {
    const [first, ...others] = finding.places;
    const also = others.map((place) => make('p', { className: 'help' }, `${place.text || 'see'} `, place_button(place)));
    const fix = finding.fix?.length
      ? make('button', { type: 'button', textContent: 'Write it so', onclick: () => mend(finding.fix) }) : null;
    return make('li', { className: finding.severity },
      first ? place_button(first) : '', ' ',
      make('span', { className: 'kind', textContent: `${finding.severity} ${finding.code}` }), ' ',
      make('span', { textContent: finding.message + (first?.text ? ` (${first.text})` : '') }), ' ', fix,
      finding.help ? make('p', { className: 'help', textContent: finding.help }) : null, ...also);
  });
  by('messages').replaceChildren(...(items.length ? items : [make('li', { textContent: 'No mistake is found.' })]));
  number_lines();
}

// Makes the edits of a finding, the last first.
function mend(edits) {
  const of_file = (edit) => files.find((file) => file.path === edit.file);
  const placed = edits.filter(of_file).map((edit) => {
    const { text } = of_file(edit);
    return { edit, from: offset(text, edit.line, edit.column), to: offset(text, edit.end_line, edit.end_column) };
  });
  placed.sort((one, other) => other.from - one.from);
  for (const { edit, from, to } of placed) {
    const file = of_file(edit);
    file.text = file.text.slice(0, from) + edit.text + file.text.slice(to);
  }
  choose(shown);
  changed(0);
}

function old(is) {
  by('stale').hidden = !is || !by('tests').hasChildNodes();
  by('result').classList.toggle('old', is);
}

function show(answer) {
  if (answer.refused !== null) {
    old(true);
    state('Too large', true);
    return tell([{ severity: 'error', code: '', places: [], message: answer.refused, help: null }]);
  }
  tell(answer.findings);
  const count = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;
  if (answer.errors > 0) {
    old(true);
    return state(count(answer.errors, 'error'), true);
  }
  old(false);
  const failed = answer.tests.filter((test) => !test.holds).length;
  const warned = answer.warnings ? `, ${count(answer.warnings, 'warning')}` : '';
  state(note || `${count(answer.tests.length, 'test')}, ${failed} failed${warned}`, note !== '' || failed > 0);
  note = '';
  const open = new Set([...document.querySelectorAll('details[open]')].map((of) => of.dataset.of));
  by('tests').replaceChildren(make('h2', { textContent: 'What the drawn rows come to' }),
    ...(answer.tests.length ? answer.tests.map(test_shown) : [make('p', { textContent: 'There is no test: draw rows in a `test`.' })]));
  by('english').replaceChildren(make('h2', { textContent: 'What it means' }),
    ...answer.indicators.map((of) => make('article', {}, make('h3', { textContent: of.title || of.id }),
      make('pre', { className: 'english', textContent: of.english }))));
  for (const of of document.querySelectorAll('details')) of.open = of.open || open.has(of.dataset.of);
  return undefined;
}

function test_shown(test) {
  const failed = test.misses.map((miss) => make('li', {}, place_button(miss.place),
    make('p', { className: 'small', textContent: `expected ${miss.expected}\nfound    ${miss.found}` }),
    miss.because.length ? make('p', { className: 'help', textContent: miss.because.join('\n') }) : null));
  return make('article', {},
    make('h3', {}, make('span', { className: test.holds ? 'holds' : 'fails', textContent: test.holds ? 'holds' : 'fails' }),
      ` ${test.indicator}: ${test.title} `, place_button(test.place)),
    make('p', { className: 'small', textContent: `data complete through ${test.as_of}` }),
    test.problem ? make('p', { className: 'fails', textContent: test.problem }) : null,
    failed.length ? make('ul', {}, ...failed) : null,
    test.problem ? null : cells_shown(test), test.problem ? null : rows_shown(test));
}

function head(first, test) {
  const windows = test.windows.map((window) => make('th', { scope: 'col' }, window.words,
    make('p', { className: 'small', textContent: `${window.first} to ${window.last}` })));
  return make('thead', {}, make('tr', {}, make('th', { scope: 'col', textContent: first }), ...windows));
}

function cells_shown(test) {
  const lines = test.lines.map((line) => make('tr', {},
    make('th', { scope: 'row', textContent: line.level === line.entity ? line.level : `${line.level} ${line.entity}` }),
    ...line.cells.map(cell_shown)));
  const caption = `Cells of ${test.indicator}`;
  return make('div', { className: 'wide', tabIndex: 0, role: 'region', 'aria-label': `${caption}: ${test.title}` },
    make('table', { className: 'cells' }, make('caption', { className: 'small', textContent: caption }), head('entity', test), make('tbody', {}, ...lines)));
}

const figure = (number) => String(Math.round(number * 1e4) / 1e4);

function cell_shown(cell) {
  const said = [];
  if (cell.denominator !== null) {
    said.push(cell.numerator === null ? `of ${figure(cell.denominator)}` : `${figure(cell.numerator)} of ${figure(cell.denominator)}`);
  }
  for (const kind of ['undetermined', 'excluded', 'unsure']) if (cell[kind]) said.push(`${cell[kind]} ${kind}`);
  const [least, most] = cell.range;
  if (cell.value !== null && least !== null && most !== null && least !== most) {
    said.push(`if all were known: ${figure(least)} to ${figure(most)}`);
  }
  if (cell.state !== 'value') said.push(cell.meaning);
  said.push(...cell.reasons);
  if (cell.band) said.push(`standard: ${cell.standard}`);
  const doubts = cell.doubts.map((doubt) => make('p', { className: 'small', textContent: doubt }));
  const more = doubts.length ? make('details', {}, make('summary', { className: 'small', textContent: 'what the mark means' }), ...doubts) : null;
  return make('td', { className: cell.band ?? '' }, make('span', { className: 'value', textContent: cell.shown }),
    make('p', { className: 'small', textContent: said.join('\n') }), more);
}

function rows_shown(test) {
  const rows = new Map();
  test.windows.forEach((window, number) => window.rows.forEach((row) => {
    if (!rows.has(row.id)) rows.set(row.id, []);
    rows.get(row.id)[number] = row;
  }));
  if (rows.size === 0) return null;
  const cell = (row) => (row ? make('td', {}, make('span', { className: 'value', textContent: row.is }),
    row.is === 'not counted' ? null : make('p', { className: 'small', textContent: `held by ${row.held_by}` }),
    make('details', { 'data-of': `${test.title} ${row.id}` }, make('summary', { className: 'small', textContent: 'why' }),
      make('p', { className: 'small', textContent: row.because.join('\n') })))
    : make('td', { className: 'small', textContent: 'cannot be judged yet' }));
  const lines = [...rows].map(([id, of]) => make('tr', {}, make('th', { scope: 'row', textContent: id }),
    ...test.windows.map((window, number) => cell(of[number]))));
  const caption = 'What became of each row';
  return make('div', { className: 'wide', tabIndex: 0, role: 'region', 'aria-label': `${caption}: ${test.title}` },
    make('table', { className: 'rows' }, make('caption', { className: 'small', textContent: caption }), head('row', test), make('tbody', {}, ...lines)));
}

// ---- Links and examples -----------------------------------------------------------------------

async function packed(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const all = new Uint8Array(await new Response(stream).arrayBuffer());
  let letters = '';
  for (const byte of all) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

// What a link holds; nothing where it is broken, or holds more than the playground takes.
async function linked(hash) {
  try {
    const letters = atob(hash.slice(1).replaceAll('-', '+').replaceAll('_', '/'));
    const all = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const reader = new Blob([all]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
    const parts = [];
    for (let size = 0; ;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > 2 * MOST) return null;
      parts.push(value);
    }
    const given = JSON.parse(await new Blob(parts).text());
    const sound = Array.isArray(given) && given.length > 0 && given.length <= 200
      && given.every((file) => typeof file.path === 'string' && typeof file.text === 'string');
    return sound ? given : null;
  } catch {
    return null;
  }
}

let own = false; // whether the page itself changes its address
by('link').addEventListener('click', async () => {
  own = true;
  location.hash = await packed(JSON.stringify(files));
  try {
    await navigator.clipboard.writeText(location.href);
    state('The link is copied');
  } catch {
    state('The link stands in the address line');
  }
});

by('examples').append(...examples.map((of, number) => make('option', { value: number, textContent: of.title })));
by('examples').addEventListener('change', () => put(examples[by('examples').value].files));

// A link that is put into the address line of this page.
addEventListener('hashchange', () => {
  if (!own) location.reload();
  own = false;
});

(async () => {
  const given = location.hash.length > 1 ? await linked(location.hash) : null;
  put(given ?? examples[0].files);
  bytes = await unpacked(by('program').textContent);
  if (location.hash.length > 1 && !given) note = 'The link could not be read: an example stands here';
  hire();
})().catch((error) => state(`The program does not start: ${error}`, true));
