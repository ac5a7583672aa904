// Versions: who changed what when; a version named, compared with another, restored.

import { get } from '../api.js';
import { button, capital, dialog, el, fill, labelled, moment, number, say, signed, t, table } from '../ui.js';

/** @type {any} */ let app;
/** @type {any} */ let parts;
/** @type {any[]} */ let versions = [];
let shown = 100;

/** @param {HTMLElement} root @param {any} shell */
export async function show(root, shell) {
  app = shell;
  shown = 100;
  parts = { name: el('input', { id: 'version', type: 'text', autocomplete: 'off', maxlength: 80, placeholder: t('versions_example') }), list: el('div', null), compare: el('div', null), history: el('div', null) };
  fill(root, el('h1', null, t('versions_title')), el('p', { class: 'lead' }, t('versions_lead')),
    el('section', { class: 'panel' }, el('h2', null, t('versions_named')),
      el('form', { class: 'row end', onsubmit: (/** @type {Event} */ e) => { e.preventDefault(); name(); } }, labelled(t('versions_name'), parts.name), el('button', { type: 'submit', class: 'primary' }, t('versions_keep'))),
      parts.list, parts.compare),
    el('section', { class: 'panel' }, el('h2', null, t('versions_history')), parts.history));
  app.on('revision', () => draw().catch(app.problem));
  await draw();
}

async function draw() {
  const [named, past] = await Promise.all([get('versions'), get('history')]);
  versions = named.versions;
  drawVersions();
  drawHistory(past.actions);
}

async function name() {
  const text = parts.name.value.trim();
  if (!text) return parts.name.focus();
  const done = await app.change('POST', 'versions', { name: text });
  if (!done) return;
  parts.name.value = '';
  say(t('versions_kept', { name: text }));
  await draw().catch(app.problem);
}

function drawVersions() {
  if (!versions.length) {
    fill(parts.compare);
    return fill(parts.list, el('p', { class: 'soft' }, t('versions_none')));
  }
  fill(parts.list, table({ caption: t('versions_named'), hidden: true, rows: versions, columns: [
    { title: t('versions_name'), head: true, cell: (/** @type {any} */ v) => v.name },
    { title: t('versions_when'), cell: (/** @type {any} */ v) => [moment(v.when), v.who && el('small', { class: 'soft' }, ` – ${v.who}`)] },
    { title: t('solve_points'), number: true, cell: (/** @type {any} */ v) => (typeof v.cost === 'number' ? number(v.cost) : '–') },
    { title: t('versions_do'), cell: (/** @type {any} */ v) => button(t('versions_restore'), () => restore(v), { class: 'small', 'aria-label': `${t('versions_restore')} : ${v.name}` }) }] }));
  const options = (/** @type {any} */ chosen) => [...versions.map((v) => el('option', { value: `v${v.id}`, selected: v.id === chosen }, v.name)),
    app.project.published && el('option', { value: 'published' }, t('versions_published')),
    el('option', { value: 'now', selected: chosen === 'now' }, t('versions_now'))];
  const a = el('select', { id: 'a' }, options(versions.at(-1).id));
  const b = el('select', { id: 'b' }, options('now'));
  parts.result = el('div', null);
  fill(parts.compare, el('h3', null, t('versions_compare')), el('div', { class: 'row end' }, labelled(t('versions_from'), a), labelled(t('versions_to'), b), button(t('versions_compare_do'), () => compare(a.value, b.value))), parts.result);
}

/** @param {any} version */
async function restore(version) {
  await dialog({ title: t('versions_restore_title', { name: version.name }), content: el('p', null, t('versions_restore_why')), actions: [{ label: t('versions_restore'), primary: true, run: async () => {
    if (await app.change('POST', `versions/${encodeURIComponent(version.id)}/restore`)) say(t('versions_restored', { name: version.name }));
  } }] }).closed;
}

/** @param {string} a @param {string} b */
async function compare(a, b) {
  fill(parts.result, el('p', { class: 'wait' }, t('versions_comparing')));
  try {
    const found = await get(`compare?${new URLSearchParams({ a, b })}`);
    const title = (/** @type {string} */ id) => (id === 'now' ? t('versions_now') : id === 'published' ? t('versions_published') : versions.find((v) => `v${v.id}` === id)?.name || id);
    const sum = (/** @type {'a'|'b'} */ side) => found.cost.reduce((/** @type {number} */ n, /** @type {any} */ r) => n + (r[side] || 0), 0);
    const rows = [...found.cost.filter((/** @type {any} */ r) => r.a || r.b), { label: t('versions_sum'), a: sum('a'), b: sum('b') }];
    fill(parts.result,
      table({ caption: t('versions_cost'), rows, columns: [
        { title: t('solve_term'), head: true, cell: (/** @type {any} */ r) => capital(r.label) },
        { title: title(a), number: true, cell: (/** @type {any} */ r) => number(r.a || 0) },
        { title: title(b), number: true, cell: (/** @type {any} */ r) => number(r.b || 0) },
        { title: t('versions_difference'), number: true, cell: (/** @type {any} */ r) => el('span', { class: (r.b || 0) < (r.a || 0) ? 'good' : (r.b || 0) > (r.a || 0) ? 'warn' : 'soft' }, signed((r.b || 0) - (r.a || 0))) }] }),
      found.moved.length ? table({ caption: t('versions_moved', { n: found.moved.length }), rows: found.moved.slice(0, 300), columns: [
        { title: t('versions_who'), head: true, cell: (/** @type {any} */ m) => `${m.name} (${m.id})` },
        { title: title(a), cell: (/** @type {any} */ m) => m.before || '–' },
        { title: title(b), cell: (/** @type {any} */ m) => m.after || '–' }] }) : el('p', { class: 'good' }, t('versions_nobody')),
      found.moved.length > 300 && el('p', null, t('and_more', { n: found.moved.length - 300 })));
    say(t('versions_moved', { n: found.moved.length }));
  } catch (error) {
    fill(parts.result);
    app.problem(error);
  }
}

/** @param {any[]} actions the newest first */
function drawHistory(actions) {
  const rows = actions.slice(0, shown);
  if (!rows.length) return fill(parts.history, el('p', { class: 'soft' }, t('versions_no_history')));
  fill(parts.history,
    table({ caption: t('versions_history'), hidden: true, rows, row: (/** @type {any} */ a) => ({ class: a.undone ? 'undone' : null }), columns: [
      { title: t('versions_when'), wide: true, cell: (/** @type {any} */ a) => moment(a.when) },
      { title: t('versions_by'), wide: true, cell: (/** @type {any} */ a) => a.who },
      { title: t('versions_what'), head: true, cell: (/** @type {any} */ a) => [a.what, a.undone && el('span', { class: 'tag' }, t('versions_undone')), el('small', { class: 'soft narrow-only' }, `${moment(a.when)} – ${a.who}`)] },
      { title: t('versions_change'), number: true, cell: (/** @type {any} */ a) => (typeof a.delta === 'number' ? signed(a.delta) : '–') }] }),
    actions.length > shown && el('p', null, button(t('versions_older'), () => { shown += 200; drawHistory(actions); })));
}
