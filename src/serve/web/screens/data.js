// Données: the sheets as tables; cells mended like in a spreadsheet, faults under their rows.
// Address: #/donnees/SHEET?row=12&column=ID (or a column's title) goes to the cell.

import { get } from '../api.js';
import { button, el, fill, number, say, t } from '../ui.js';
import { questions } from './questions.js';
import { Grid } from './grid.js';

const PAGE = 100;

/** @type {any} */ let app;
/** @type {Grid|null} */ let grid = null;
/** @type {any} what is shown: sheet, from, query, faulty, page (the server's answer) */ let view;
/** @type {any[]} */ let sheets = [];
/** @type {any} what the last import says */ let report;
/** @type {string|null} why no cell can be changed */ let locked = null;
/** @type {any} */ let parts;
let asked = 0;

/** @param {HTMLElement} root @param {any} shell @param {any} params */
export async function show(root, shell, params) {
  app = shell;
  await readSheets();
  const first = sheets.find((s) => s.faults) || sheets.find((s) => s.required && s.rows) || sheets[0];
  const wanted = sheets.find((s) => s.id === params.path[0]) || first;
  if (!wanted) {
    fill(root, el('h1', null, t('data_title')), el('p', null, t('data_none')), el('p', null, el('a', { class: 'button', href: app.href('ouvrir') }, t('data_go_open'))));
    return;
  }
  view = { sheet: wanted.id, from: 0, query: params.q || '', faulty: params.faulty === '1', page: null };
  parts = {
    summary: el('div', null),
    list: el('nav', { class: 'sheets', 'aria-label': t('data_sheets') }),
    pick: el('select', { id: 'sheet', onchange: () => app.go('donnees', { path: [parts.pick.value] }) }),
    find: el('input', { id: 'find', type: 'search', placeholder: t('data_find'), 'aria-label': t('data_find'), value: view.query, spellcheck: 'false', oninput: later }),
    only: el('input', { id: 'only', type: 'checkbox', checked: view.faulty, onchange: filtered }),
    next: button(t('data_next_fault'), () => nextFault().catch(app.problem), { title: 'F8' }),
    pages: el('div', { class: 'row pages' }),
    title: el('h2', { class: 'sheet-title' }),
    about: el('p', { class: 'soft' }),
    grid: el('div', { class: 'grid-box' }),
    help: el('div', { class: 'cell-help', id: 'cell-help' }),
  };
  fill(root,
    el('h1', null, t('data_title')), parts.summary,
    el('div', { class: 'data' }, parts.list,
      el('div', { class: 'data-main' },
        el('div', { class: 'sheet-pick field' }, el('label', { for: 'sheet' }, t('data_sheet')), parts.pick),
        el('div', { class: 'row' }, parts.title, el('div', { class: 'grow' }), parts.find,
          el('label', { for: 'only' }, parts.only, t('data_only')), parts.next),
        parts.about, parts.help, parts.grid,
        el('div', { class: 'row' }, parts.pages, el('div', { class: 'grow' }),
          button(t('data_add_row'), () => addRow().catch(app.problem), { disabled: Boolean(locked) }), button(t('data_delete_row'), deleteRow, { disabled: Boolean(locked) })),
        el('p', { class: 'soft small-print' }, t('data_keys')))));
  grid = new Grid(parts.grid, {
    edit: (edits, insert) => edit(edits, insert),
    locked: () => locked !== null,
    active: (cell) => help(cell),
    beyond: (way, cell) => beyond(way, cell),
  });
  document.addEventListener('keydown', f8);
  app.on('revision', () => { again().catch(app.problem); });
  drawSheets();
  if (params.row) await goTo(Number(params.row), params.column ?? null);
  else await load();
}

export function leave() {
  grid?.stop();
  grid = null;
  clearTimeout(timer);
  document.removeEventListener('keydown', f8);
}

/** @param {KeyboardEvent} e */
function f8(e) {
  if (e.key !== 'F8') return;
  e.preventDefault();
  nextFault().catch(app.problem);
}

let timer = 0;

function later() {
  clearTimeout(timer);
  timer = window.setTimeout(filtered, 200);
}

function filtered() {
  view.query = parts.find.value.trim();
  view.faulty = parts.only.checked;
  view.from = 0;
  app.replace({ path: [view.sheet], q: view.query, faulty: view.faulty ? 1 : null });
  load().then(() => say(t('data_rows', { n: view.page.total })), app.problem);
}

async function readSheets() {
  const [all, said] = await Promise.all([get('tables'), get('import')]);
  sheets = all.tables;
  locked = all.locked || null;
  report = said;
}

/** @type {Promise<void>|null} */ let reading = null;
let dirty = false;

/** Reads what the server has now, and stays where it is. Asked for meanwhile, it reads once more: what it read first may be old. */
function again() {
  dirty = true;
  reading ??= (async () => {
    while (dirty && grid) {
      dirty = false;
      await readSheets();
      if (!grid) return;
      drawSheets();
      await load(true);
    }
  })().finally(() => { reading = null; });
  return reading;
}

function drawSheets() {
  const faults = total();
  const remarks = sheets.reduce((n, s) => n + s.remarks, 0);
  const elsewhere = report.faults.filter((/** @type {any} */ f) => !f.table || !f.row);
  fill(parts.summary, locked && el('p', { class: 'note warn' }, locked), !app.hasData() && !faults ? el('p', { class: 'note' }, t('data_empty'), ' ', el('a', { href: app.href('ouvrir') }, t('data_go_open'))) : el('p', { class: faults ? 'note bad' : 'note good' },
    faults ? el('b', null, t('data_faults', { n: faults })) : t('data_clean'), faults ? ` ${t('data_faults_why')}` : '',
    remarks ? ` ${t('data_remarks', { n: remarks })}` : ''),
    elsewhere.length > 0 && el('ul', { class: 'bad' }, elsewhere.slice(0, 20).map((/** @type {any} */ f) => el('li', null, f.sheet ? `${f.sheet} – ` : '', f.message))),
    questions(app, report.questions, async () => { await again().catch(app.problem); }));
  /** @param {any} s */
  const badge = (s) => [
    s.faults > 0 && el('span', { class: 'flag bad' }, number(s.faults), el('span', { class: 'unseen' }, ` ${t('faults_n', { n: s.faults })}`)),
    !s.faults && s.remarks > 0 && el('span', { class: 'flag warn' }, number(s.remarks), el('span', { class: 'unseen' }, ` ${t('remarks_n', { n: s.remarks })}`))];
  fill(parts.list, el('ul', null, sheets.map((s) => el('li', null,
    el('a', { href: app.href('donnees', { path: [s.id] }), 'aria-current': s.id === view.sheet ? 'page' : null, class: s.rows || s.required ? null : 'none' },
      el('span', { class: 'grow' }, s.title), badge(s), el('span', { class: 'soft n' }, number(s.rows)))))));
  fill(parts.pick, sheets.map((s) => el('option', { value: s.id, selected: s.id === view.sheet }, `${s.title} (${number(s.rows)})${s.faults ? ` – ${t('data_n_faults', { n: s.faults })}` : ''}`)));
  const sheet = sheets.find((s) => s.id === view.sheet);
  fill(parts.title, sheet?.title || '');
  fill(parts.about, sheet?.help || '');
  parts.next.disabled = faults + remarks === 0;
}

/** A part of a table; columns go by texts here. @param {string} sheet @param {string} query @returns {Promise<any>} */
async function fetchRows(sheet, query) {
  const page = await get(`tables/${encodeURIComponent(sheet)}?${query}`);
  for (const column of page.columns) column.id = String(column.id);
  for (const row of page.rows) for (const fault of row.faults) fault.column = fault.column === null || fault.column === undefined ? null : String(fault.column);
  return page;
}

/** @param {number} from @param {boolean} [faulty] @returns {Promise<any>} */
function fetchPage(from, faulty = view.faulty) {
  const query = new URLSearchParams({ from: String(from), count: String(PAGE) });
  if (view.query) query.set('q', view.query);
  if (faulty) query.set('faulty', '1');
  return fetchRows(view.sheet, String(query));
}

/** @param {boolean} [keep] the active cell and the place in the table stay */
async function load(keep = false) {
  const mine = ++asked;
  const page = await fetchPage(view.from);
  if (mine !== asked || !grid) return;
  if (!page.rows.length && view.from > 0 && page.total < view.from) {
    view.from = Math.max(0, Math.floor((page.total - 1) / PAGE) * PAGE);
    return load(keep);
  }
  view.page = page;
  const plain = !view.query && !view.faulty && !locked;
  // After the last row an empty one waits to be filled in.
  if (plain && page.columns.length && view.from + page.rows.length >= page.total) page.rows.push({ row: (page.rows.at(-1)?.row ?? 1) + 1, cells: page.columns.map(() => ''), faults: [], fresh: true });
  grid.draw(page, keep);
  const last = Math.min(page.total, view.from + page.rows.length);
  fill(parts.pages,
    button('◀', () => turn(-1), { 'aria-label': t('data_page_before'), disabled: view.from === 0, class: 'plain' }),
    el('span', null, page.total ? t('data_range', { from: view.from + 1, to: last, n: page.total }) : t(view.query || view.faulty ? 'data_no_match' : 'data_no_rows')),
    button('▶', () => turn(1), { 'aria-label': t('data_page_after'), disabled: last >= page.total, class: 'plain' }));
}

/** @param {number} way */
async function turn(way) {
  const to = view.from + way * PAGE;
  if (to < 0 || to >= view.page.total) return false;
  view.from = to;
  await load();
  return true;
}

/** The arrows leave the page. @param {number} way @param {string} column */
async function beyond(way, column) {
  if (!(await turn(way).catch(app.problem)) || !grid) return;
  const rows = view.page.rows;
  grid.focus(rows[way > 0 ? 0 : rows.length - 1].row, column);
}

/** @param {{row: number, column: string, value: string}[]} edits @param {string[][]} [insert] rows at the end */
async function edit(edits, insert = []) {
  const before = total();
  const done = await app.change('PATCH', `tables/${encodeURIComponent(view.sheet)}`, { edits: edits.map((e) => ({ ...e, column: Number(e.column) })), insert });
  if (!grid) return;
  await again().catch(app.problem);
  if (!done) return;
  const after = total();
  if (after < before) say(after ? t('data_fewer', { n: after }) : t('data_clean'));
  else if (after > before) say(t('data_more', { n: after }));
}

const total = () => Math.max(report.faults.length, sheets.reduce((n, s) => n + s.faults, 0));

/** What the active cell wants, and what is wrong with it. @param {{row: any, column: any}|null} cell */
function help(cell) {
  if (!cell) return fill(parts.help, el('p', { class: 'soft' }, t('data_choose')));
  const faults = cell.row.faults.filter((/** @type {any} */ f) => f.column === cell.column.id);
  const rest = cell.row.faults.filter((/** @type {any} */ f) => !f.column);
  fill(parts.help,
    el('p', null, el('b', null, cell.column.title), ` – ${t('data_row', { n: String(cell.row.row) })}`, cell.column.help ? el('span', { class: 'soft' }, ` – ${cell.column.help}`, cell.column.example ? ` – ${t('data_example', { example: cell.column.example })}` : '') : ''),
    [...faults, ...rest].map((/** @type {any} */ f) => el('p', { class: f.severity === 'fault' ? 'bad' : 'warn' }, f.message)));
}

/** To the empty row after the last one. */
async function addRow() {
  parts.find.value = view.query = '';
  parts.only.checked = view.faulty = false;
  const rows = sheets.find((s) => s.id === view.sheet).rows;
  view.from = Math.floor(rows / PAGE) * PAGE;
  await load();
  const last = view.page.rows.at(-1);
  if (last && grid) grid.focus(last.row, view.page.columns[0].id);
}

async function deleteRow() {
  const cell = grid?.cell();
  if (!cell || cell.row.fresh) return say(t('data_choose'));
  await app.change('PATCH', `tables/${encodeURIComponent(view.sheet)}`, { edits: [], delete: [cell.row.row] });
  await again().catch(app.problem);
}

/** Shows a row of the sheet, wherever it is; rows are in the order of their numbers. @param {number} row @param {string|null} column */
async function goTo(row, column) {
  let [low, high] = [0, Infinity];
  view.from = Math.max(0, Math.floor((row - 2) / PAGE) * PAGE);
  for (;;) {
    const page = await fetchPage(view.from, false);
    const [first, last] = [page.rows[0]?.row ?? Infinity, page.rows.at(-1)?.row ?? Infinity];
    const at = view.from / PAGE;
    if (row < first && at > low) high = at - 1;
    else if (row > last && view.from + PAGE < page.total) low = at + 1;
    else break;
    if (low > high) break;
    view.from = Math.min(high, Math.max(low, row < first ? at - 1 : at + 1)) * PAGE;
  }
  parts.only.checked = view.faulty = false;
  await load();
  const named = view.page.columns.find((/** @type {any} */ c) => c.id === column || c.title === column);
  grid?.focus(row, named?.id || view.page.columns[0]?.id);
}

/** The next fault after the active cell, in this sheet and then in the others; remarks when no fault is left. */
async function nextFault() {
  const left = total() > 0 ? 'fault' : 'remark';
  const count = (/** @type {any} */ s) => (left === 'fault' ? s.faults : s.remarks);
  const cell = grid?.cell();
  const start = sheets.findIndex((s) => s.id === view.sheet);
  for (let i = 0; i <= sheets.length; i++) {
    const sheet = sheets[(start + i) % sheets.length];
    if (!count(sheet)) continue;
    const found = await fetchRows(sheet.id, 'from=0&count=1000&faulty=1');
    const order = found.columns.map((/** @type {any} */ c) => c.id);
    for (const row of found.rows) {
      for (const fault of row.faults.filter((/** @type {any} */ f) => f.severity === left)) {
        const column = fault.column || order[0];
        const after = i > 0 || !cell || row.row > cell.row.row || (row.row === cell.row.row && order.indexOf(column) > order.indexOf(cell.column.id));
        if (!after) continue;
        say(fault.message);
        if (sheet.id === view.sheet) {
          parts.find.value = view.query = '';
          app.replace({ path: [sheet.id], row: row.row, column });
          return goTo(row.row, column);
        }
        return app.go('donnees', { path: [sheet.id], row: row.row, column });
      }
    }
  }
}
