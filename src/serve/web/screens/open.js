// Ouvrir: recent groups, the demo group, a file dropped or chosen; what was read, repaired, derived.

import { call, get, post, Problem } from '../api.js';
import { questions } from './questions.js';
import { button, dialog, el, fill, labelled, moment, number, said, say, t, table, toast } from '../ui.js';

/** @type {any} */ let app;
/** @type {any} the report of the last import, kept while the page is open */ let report = null;
/** @type {any} */ let parts;

/** @param {HTMLElement} root @param {any} shell */
export async function show(root, shell) {
  app = shell;
  const open = Boolean(app.project?.open);
  parts = { report: el('div', null), recent: el('div', null), state: el('div', { role: 'status' }) };
  fill(root,
    el('h1', null, open ? app.project.name : t('open_title')),
    open ? present() : el('p', { class: 'lead' }, t('open_lead')),
    parts.state, parts.report,
    drop(open),
    el('div', { class: 'two' },
      el('section', { class: 'panel' }, el('h2', null, t('open_recent')), parts.recent),
      el('section', { class: 'panel' }, el('h2', null, t('open_begin')),
        el('p', null, t('open_demo_lead')), el('p', null, button(t('open_demo'), () => begin({ demo: true }), { id: 'demo' })),
        el('p', null, t('open_empty_lead')), el('p', null, button(t('open_empty'), named, { id: 'empty' })))));
  if (!report && app.project?.mending) report = { ...await get('import'), name: app.project.files?.at(-1) || app.project.name };
  if (report && open) drawReport();
  app.on('project', () => { const now = root.querySelector('.present'); if (now) now.replaceWith(present()); });
  const { recent } = await get('recent');
  fill(parts.recent, recent.length ? el('ul', { class: 'recent' }, recent.map((/** @type {any} */ r) => el('li', null,
    button([el('b', null, r.name), el('small', { class: 'soft' }, moment(r.when)), el('small', { class: 'soft path' }, r.folder)], () => begin({ recent: r.id })))))
    : el('p', { class: 'soft' }, t('open_no_recent')));
}

/** The group that is open: where it lies, what it holds. */
function present() {
  const { file, data, plan } = app.project;
  return el('div', { class: 'present' },
    file && el('p', { class: 'soft' }, t('open_file'), ' ', el('code', null, file)),
    app.project.files?.length > 0 && (app.project.files.length < 4 ? el('p', { class: 'soft' }, t('open_files', { files: app.project.files.join(', ') }))
      : el('details', null, el('summary', null, t('open_files_n', { n: app.project.files.length })), el('p', null, app.project.files.join(', ')))),
    app.project.mending && app.hasData() && el('p', { class: 'soft' }, t('open_mending')),
    app.hasData() && el('div', { class: 'tiles' },
      [['candidates', data.candidates], ['examiners', data.examiners], ['centres', data.centres], ['dates', data.dates.length]].map(([key, n]) => el('div', { class: 'tile' }, el('b', null, number(Number(n))), el('small', null, t(/** @type {any} */ (`count_${key}`), { n }))))),
    (app.hasData() || app.project.mending) && el('p', { class: 'row' }, el('a', { class: 'button', href: app.href('donnees') }, data.faults ? t('open_mend', { n: data.faults }) : t('open_see_data')),
      app.hasData() && el('a', { class: 'button', href: app.href(plan ? 'planning' : 'faisable') }, t(plan ? 'open_see_plan' : 'open_next'))));
}

/** @param {boolean} open */
function drop(open) {
  const input = el('input', { id: 'file', type: 'file', accept: '.xlsx,.xls,.ods,.csv,.zip,.json,.gz', hidden: true, onchange: () => { if (input.files?.[0]) take(input.files[0]); input.value = ''; } });
  const field = el('section', { class: 'drop', 'aria-label': t('open_drop') },
    el('p', null, el('b', null, t(open ? 'open_drop_more' : 'open_drop'))),
    el('p', null, button(t('open_choose'), () => input.click(), { class: 'primary', id: 'choose' }), input),
    el('p', { class: 'soft' }, t('open_formats')));
  const over = (/** @type {boolean} */ is) => field.classList.toggle('over', is);
  field.addEventListener('dragenter', () => over(true));
  field.addEventListener('dragover', (/** @type {DragEvent} */ e) => { e.preventDefault(); over(true); });
  field.addEventListener('dragleave', (/** @type {DragEvent} */ e) => { if (!field.contains(/** @type {Node} */ (e.relatedTarget))) over(false); });
  field.addEventListener('drop', (/** @type {DragEvent} */ e) => {
    e.preventDefault();
    over(false);
    const file = e.dataTransfer?.files[0];
    if (file) take(file);
  });
  return field;
}

/** @param {string} text @param {boolean} [busy] */
function state(text, busy = false) {
  fill(parts.state, text && el('p', { class: busy ? 'note wait' : 'note' }, text));
}

/** A file: it is read, and what was found is shown. @param {File} file */
async function take(file) {
  if (file.size > 20 * 1024 * 1024) return toast(t('open_too_large'), { bad: true });
  let anew = false;
  if (app.hasData() || app.project?.mending) {
    let sure = false;
    await dialog({ title: t('open_replace', { name: file.name }), content: [el('p', null, t('open_replace_new')), el('p', null, t('open_replace_why', { name: app.project.name }))], actions: [
      { label: t('open_replace_do'), run: () => { sure = true; } },
      { label: t('open_replace_begin'), primary: true, run: () => { sure = anew = true; } }] }).closed;
    if (!sure) return;
  }
  state(t('open_reading', { name: file.name }), true);
  let done;
  try {
    if (anew) {
      // What cannot be read makes no group.
      await call('POST', `import?name=${encodeURIComponent(file.name)}&dry=1`, { bytes: file });
      await post('projects', { empty: file.name.replace(/\.\w+$/, '') });
      await app.refresh();
    }
    done = await app.change('POST', `import?name=${encodeURIComponent(file.name)}`, null, { bytes: file, quiet: true });
    state('');
  } catch (error) {
    state('');
    if (!(error instanceof Problem) || error.status === 0 || error.status === 401) return app.problem(error);
    return fill(parts.state, el('div', { class: 'note bad' }, el('p', null, t('open_unread', { name: file.name })), said(error)));
  }
  if (!done) return;
  report = { name: file.name, ...done };
  await shownAnew();
}

/** The screen with the report that there is now; the reader is led to it. */
async function shownAnew() {
  await app.refresh();
  app.go('ouvrir');
  const faults = report.faults.length;
  say(faults ? t('data_faults', { n: faults }) : t('open_read_well'));
}

/** @param {any} what */
async function begin(what) {
  state(t('open_opening'), true);
  try {
    await post('projects', what);
    report = null;
    await app.refresh();
    app.go(app.project.plan ? 'planning' : 'donnees');
  } catch (error) {
    state('');
    app.problem(error);
  }
}

async function named() {
  const name = el('input', { id: 'new-name', type: 'text', autocomplete: 'off' });
  const asked = dialog({ title: t('open_empty'), content: labelled(t('open_name'), name, t('open_name_help')), actions: [{ label: t('open_make'), primary: true, run: () => {
    if (!name.value.trim()) return name.focus(), false;
    begin({ empty: name.value.trim() });
  } }] });
  name.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => {
    if (e.key === 'Enter' && name.value.trim()) {
      asked.close();
      begin({ empty: name.value.trim() });
    }
  });
  name.focus();
}

function drawReport() {
  const r = report;
  const read = r.read || [];
  const where = (/** @type {any} */ f) => (f.table && f.row ? el('a', { href: app.href('donnees', { path: [f.table], row: f.row, column: f.column }) }, place(f)) : place(f));
  const line = (/** @type {any} */ f, /** @type {string} */ text) => [where(f), place(f) ? ' – ' : '', text];
  fill(parts.report, el('section', { class: 'panel report' },
    el('h2', null, t('open_report', { name: r.name })),
    questions(app, r.questions, async (/** @type {any} */ done) => {
      report = { ...done, name: report.name };
      await shownAnew();
    }),
    r.faults.length > 0
      ? el('div', { class: 'note bad' }, el('p', null, el('b', null, t('data_faults', { n: r.faults.length })), ' ', t('open_faults_why')),
        el('ul', null, r.faults.slice(0, 8).map((/** @type {any} */ f) => el('li', null, line(f, f.message)))),
        r.faults.length > 8 && el('p', null, t('and_more', { n: r.faults.length - 8 })),
        el('p', null, el('a', { class: 'button', href: app.href('donnees') }, t('open_mend_now'))))
      : !r.questions?.length && el('p', { class: 'note good' }, el('b', null, t('open_read_well'))),
    r.remarks?.length > 0 && el('details', null, el('summary', null, t('open_remarks', { n: r.remarks.length })), el('ul', null, r.remarks.slice(0, 100).map((/** @type {any} */ f) => el('li', null, line(f, f.message)))), r.remarks.length > 100 && el('p', null, t('and_more', { n: r.remarks.length - 100 }))),
    r.repaired?.length > 0 && el('details', null, el('summary', null, t('open_repaired', { n: r.repaired.length })), el('ul', null, r.repaired.slice(0, 200).map((/** @type {any} */ f) => el('li', null, line(f, f.text))))),
    read.length > 0 && el('details', { open: !r.faults.length }, el('summary', null, t('open_read', { n: read.length })),
      table({ caption: t('open_read', { n: read.length }), hidden: true, rows: read, columns: [
        { title: t('open_sheet'), head: true, cell: (/** @type {any} */ s) => s.sheet },
        { title: t('open_rows'), number: true, cell: (/** @type {any} */ s) => number(s.rows) },
        { title: t('open_rows_read'), number: true, cell: (/** @type {any} */ s) => number(s.read) },
        { title: t('open_skipped'), number: true, cell: (/** @type {any} */ s) => (s.skipped?.length ? s.skipped.map((/** @type {any} */ k) => el('div', null, number(k.rows), ' ', el('small', { class: 'soft' }, k.why))) : '–') },
        { title: t('open_hidden'), number: true, cell: (/** @type {any} */ s) => (s.hidden ? t('open_hidden_sheet') : s.hidden_rows ? number(s.hidden_rows) : '–') }] }))));
}

/** @param {any} f */
const place = (f) => [f.sheet, f.row && t('data_row', { n: String(f.row) }), f.heading].filter(Boolean).join(', ');
