// Envoyer: the kinds of documents with previews, one download; what is stale after a change; publish.

import { get, post } from '../api.js';
import { button, capital, dialog, el, fill, moment, number, say, t } from '../ui.js';
import { failure, follow, latest, Progress, refocus, startJob } from './jobs.js';
import { show as showPaper } from './paper.js';

/** @type {any} */ let app;
/** @type {any} */ let parts;
/** @type {any} */ let documents;

/** @param {HTMLElement} root @param {any} shell */
export async function show(root, shell) {
  app = shell;
  const plan = app.project.plan;
  fill(root, el('h1', null, t('send_title')), el('p', { class: 'lead' }, t('send_lead')));
  if (!plan) {
    root.append(el('p', { class: 'note' }, t('send_no_plan')), el('a', { class: 'button', href: app.href('calculer') }, t('send_go_solve')));
    app.on('revision', () => app.project.plan && app.go('envoyer'));
    return;
  }
  parts = {
    pdf: el('p', { class: 'note warn' }, t('send_no_pdf')), state: el('div', null), kinds: el('div', null), end: el('div', null),
    lang: el('select', { id: 'papers' }, el('option', { value: 'fr', selected: true }, 'Français'), el('option', { value: 'en' }, 'English')),
    baseline: el('input', { id: 'baseline', type: 'checkbox', checked: true }),
  };
  parts.go = button(t('send_make'), make, { class: 'primary' });
  parts.progress = new Progress(app, t('send_making'), t('job_stop'), parts.go);
  parts.last = el('div', { class: 'row' });
  fill(parts.last, parts.go, el('label', { for: 'papers' }, t('send_language')), parts.lang);
  root.append(parts.state, el('section', { class: 'panel' }, el('h2', null, t('send_documents')), parts.pdf, parts.kinds, parts.last, parts.progress.node, parts.end));
  app.on('revision', () => (app.project.plan ? draw().catch(app.problem) : app.go('envoyer')));
  await draw();
  const job = await latest('export');
  if (job) watch(job);
}

async function draw() {
  documents = await get('documents');
  state();
  parts.pdf.hidden = documents.pdf !== false;
  const off = new Set([...parts.kinds.querySelectorAll('tbody input:enabled:not(:checked)')].map((i) => i.value));
  const stale = new Map((documents.stale || []).map((/** @type {any} */ s) => [s.kind, s.files]));
  const all = el('input', { id: 'all', type: 'checkbox', checked: off.size === 0, onchange: () => { for (const box of parts.kinds.querySelectorAll('tbody input:enabled')) box.checked = all.checked; } });
  fill(parts.kinds, el('div', { class: 'scroll' }, el('table', { class: 'kinds' },
    el('caption', { class: 'unseen' }, t('send_documents')),
    el('thead', null, el('tr', null, el('th', { scope: 'col' }, el('label', { class: 'tick', for: 'all' }, all, t('send_kind'))), el('th', { scope: 'col', class: 'wide-only' }, t('send_audience')), el('th', { scope: 'col' }, t('send_preview')))),
    el('tbody', null, documents.kinds.map((/** @type {any} */ k) => el('tr', null,
      el('td', null, el('label', { class: 'tick', for: `k-${k.kind}` }, el('input', { id: `k-${k.kind}`, type: 'checkbox', value: k.kind, checked: k.made !== false && !off.has(k.kind), disabled: k.made === false }), el('span', null, el('b', null, capital(k.label)), k.made === false && el('span', { class: 'tag' }, t('send_to_print')), stale.has(k.kind) && el('span', { class: 'tag warn' }, t('send_stale_files', { n: Number(stale.get(k.kind)) })), el('br'), k.about !== k.label && el('small', { class: 'soft' }, k.about)))),
      el('td', { class: 'wide-only' }, k.audience),
      el('td', null, button(t('send_see'), () => showPaper(app, k, parts.lang.value), { class: 'small', 'aria-label': `${t('send_see')} : ${k.label}` }))))))));
}

/** @param {any} files their number, or their names @returns {number} */
const count = (files) => (Array.isArray(files) ? files.length : files || 0);

/** What was sent, and what is no longer true. */
function state() {
  const { plan, published } = app.project;
  const stale = (documents.stale || []).reduce((/** @type {number} */ n, /** @type {any} */ s) => n + (s.files || 0), 0);
  fill(parts.state,
    !plan.valid && el('p', { class: 'note bad' }, el('b', null, t('send_not_valid', { n: plan.broken })), ' ', t('send_not_valid_why'), ' ', el('a', { href: app.href('planning') }, t('open_see_plan'))),
    (documents.remarks || []).map((/** @type {string} */ r) => el('p', { class: 'note warn' }, r)),
    plan.valid && plan.unscheduled > 0 && el('p', { class: 'note warn' }, t('send_unplaced', { n: plan.unscheduled })),
    el('section', { class: published ? (stale ? 'note warn' : 'note good') : 'note' },
      el('p', null, published ? el('b', null, t('send_published', { number: published.number, when: moment(published.when) })) : el('b', null, t('send_never')), ' ',
        published ? (stale ? t('send_stale', { n: stale }) : t('send_fresh')) : t('send_publish_why')),
      el('p', null, button(t(published ? 'send_publish_again' : 'send_publish'), publish, { id: 'publish', disabled: !plan.valid }))),
    documents.made && el('p', { class: 'soft' }, t('send_made', { n: count(documents.made.files), when: moment(documents.made.when) })));
}

async function publish() {
  const again = Boolean(app.project.published);
  const plan = app.project.plan;
  await dialog({
    title: t(again ? 'send_publish_again' : 'send_publish').replace('…', ''),
    content: [el('p', null, t('send_publish_what')), again && el('p', null, t('send_publish_more')), plan.unscheduled > 0 && el('p', { class: 'warn' }, t('send_unplaced', { n: plan.unscheduled }))],
    actions: [{ label: t('send_publish_do'), primary: true, run: async () => {
      if (await app.change('POST', 'publish')) say(t('send_published_now'));
    } }],
  }).closed;
  await draw().catch(app.problem);
}

async function make() {
  const kinds = [...parts.kinds.querySelectorAll('tbody input:checked')].map((i) => i.value);
  if (!kinds.length) return fill(parts.end, el('p', { class: 'note warn', role: 'alert' }, t('send_choose')));
  fill(parts.end);
  const job = await startJob(app, { kind: 'export', kinds, language: parts.lang.value, baseline: Boolean(app.project.published) });
  if (job) watch(job);
}

/** @param {any} first */
function watch(first) {
  let told = first.state !== 'running';
  follow(app, first, (job) => {
    parts.progress.draw(job);
    if (job.state === 'running') return fill(parts.end);
    fill(parts.end, failure(job) || (job.state === 'done' && el('div', { class: 'note good' },
      el('p', null, el('b', null, t('send_ready', { n: count(job.result?.files) }))),
      el('p', null, button(t('send_download'), () => download({ job: job.id }), { class: 'primary', id: 'download' })))));
    refocus(parts.progress, parts.end);
    if (!told) {
      say(t(job.state === 'done' ? 'send_ready_some' : 'job_failed'));
      get('documents').then((d) => { documents = d; state(); }, app.problem);
    }
    told = true;
  });
}

/** A ticket opens the download once; no token stands in an address. @param {any} what */
async function download(what) {
  try {
    const { url } = await post('tickets', what);
    const link = el('a', { href: url, download: '' });
    document.body.append(link);
    link.click();
    link.remove();
    say(t('send_downloading'));
  } catch (error) {
    app.problem(error);
  }
}
