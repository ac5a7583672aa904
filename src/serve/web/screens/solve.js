// Calculer: minutes, start, stop, go on; the live curve; the cost in kilometres, days and hours first; adopt.

import { get, post } from '../api.js';
import { button, capital, el, fill, labelled, number, percent, say, span, t, table } from '../ui.js';
import { command, failure, follow, latest, Progress, refocus, startJob } from './jobs.js';
import { drawCurve } from './curve.js';

/** @type {any} */ let app;
/** @type {any} */ let parts;
/** @type {any} */ let shown = null;
/** @type {{id: string, curve: any[]}|null} the curve that a continued job goes on from */ let before = null;
const redraw = () => { if (shown && parts) drawCurve(parts.curve, whole(shown)); };

/** @param {HTMLElement} root @param {any} shell */
export async function show(root, shell) {
  app = shell;
  shown = null;
  const minutes = el('input', { id: 'minutes', type: 'text', class: 'short', value: '1', inputmode: 'decimal', autocomplete: 'off' });
  parts = { minutes, from: el('input', { id: 'from', type: 'checkbox', checked: Boolean(app.project.plan) }), curve: el('div', { class: 'curve-box' }), figures: el('div', null), end: el('div', null), plan: el('div', null) };
  parts.go = button(t('solve_start'), start, { class: 'primary' });
  parts.progress = new Progress(app, t('solve_progress'), t('solve_stop'), parts.go);
  parts.controls = el('div', { class: 'row end' },
    labelled(t('solve_minutes'), minutes),
    el('div', { class: 'row quick', role: 'group', 'aria-label': t('solve_quick') }, [1, 5, 15, 60].map((m) => button(`${m} min`, () => { minutes.value = m; }, { class: 'small' }))),
    parts.go,
    app.project.plan && el('label', { for: 'from' }, parts.from, t('solve_from')));
  fill(root, el('h1', null, t('solve_title')), el('p', { class: 'lead' }, t('solve_lead')));
  if (!app.hasData()) {
    root.append(el('p', { class: 'note' }, t('need_no_data')), el('a', { class: 'button', href: app.href('ouvrir') }, t('data_go_open')));
    return;
  }
  if (app.project.data.faults) root.append(el('p', { class: 'note warn' }, t('solve_faults', { n: app.project.data.faults }), ' ', el('a', { href: app.href('donnees') }, t('solve_see_data'))));
  root.append(el('section', { class: 'panel', 'aria-label': t('solve_title') }, parts.controls, parts.progress.node, parts.figures, parts.curve, parts.end), parts.plan);
  app.on('project', plan);
  window.addEventListener('resize', redraw);
  plan();
  const job = await latest('solve');
  if (job) watch(job);
}

export function leave() {
  window.removeEventListener('resize', redraw);
}

async function start() {
  const seconds = Math.round(Number(String(parts.minutes.value).replace(',', '.')) * 60);
  if (!(seconds > 0)) return parts.minutes.focus();
  // What a former search found is not what this one will find.
  fill(parts.end);
  const job = await startJob(app, { kind: 'solve', seconds, from: Boolean(app.project.plan) && parts.from.checked });
  if (job) watch(job);
}

/** @param {any} first */
function watch(first) {
  let told = first.state !== 'running';
  if (!told) say(t('solve_started'));
  follow(app, first, (job) => {
    shown = job;
    parts.progress.draw(job);
    drawCurve(parts.curve, whole(job));
    figures(job);
    if (job.state === 'running') return fill(parts.end);
    ended(job);
    refocus(parts.progress, parts.end);
    if (!told) say(t(job.state === 'failed' ? 'job_failed' : 'solve_ended'));
    told = true;
  });
}

/** The curve of a job, after that of the job that it goes on from; it ends where the job is now. @param {any} job */
function whole(job) {
  const old = before && before.id === job.id ? before.curve : [];
  const past = old.at(-1)?.[0] || 0;
  const own = [...(job.curve || [])];
  const { seconds, cost, bound } = job.progress || {};
  const last = own.at(-1);
  if (last && seconds > last[0]) own.push([seconds, cost ?? last[1], bound ?? last[2]]);
  return [...old, ...own.map((/** @type {any} */ p) => [p[0] + past, p[1], p[2]])];
}

/** The last that is known of it. @param {any} job */
function best(job) {
  const curve = job.curve || [];
  const bounds = curve.filter((/** @type {any} */ p) => p[2] !== null);
  const cost = job.result?.cost ?? job.progress?.cost ?? curve.at(-1)?.[1] ?? null;
  return { cost, bound: job.result?.bound ?? job.progress?.bound ?? bounds.at(-1)?.[2] ?? null };
}

/** @param {any} job */
function figures(job) {
  const { cost, bound } = best(job);
  if (cost === null) return fill(parts.figures);
  fill(parts.figures,
    // The same figures as the present plan's stand below already.
    cost !== app.project.plan?.cost && measures(job.result?.measures || []),
    el('p', null, t('solve_now', { cost }), bound !== null && cost > 0 ? ` ; ${t('solve_gap', { share: percent(Math.max(0, (cost - bound) / cost), 1) })}` : ` ; ${t('solve_no_bound')}`));
}

/** @param {{label: string, value: string}[]} all */
const measures = (all) => all.length > 0 && el('div', { class: 'tiles' }, all.map((m) => el('div', { class: 'tile' }, el('b', null, m.value), el('small', null, m.label))));

/** @param {any} job */
function ended(job) {
  const { cost } = best(job);
  const failed = failure(job);
  const present = app.project.plan?.cost ?? null;
  fill(parts.end, failed,
    !failed && cost !== null && el('div', { class: 'note good' },
      el('p', null, el('b', null, t(job.state === 'stopped' ? 'solve_stopped' : 'solve_done')), ' ',
        present !== null ? t(cost < present ? 'solve_better' : cost > present ? 'solve_worse' : 'solve_same', { n: Math.abs(cost - present) }) : '',
        job.result?.unscheduled ? ` ${t('solve_left', { n: job.result.unscheduled })}` : ''),
      el('div', { class: 'row' },
        button(t('solve_adopt'), () => adopt(job), { class: cost === present ? null : 'primary' }),
        button(t('solve_continue'), () => goOn(job)))),
    !failed && cost === null && el('p', { class: 'note warn' }, t('solve_nothing')),
    command(job));
}

/** @param {any} job */
async function goOn(job) {
  const seconds = Math.round(Number(String(parts.minutes.value).replace(',', '.')) * 60);
  if (!(seconds > 0)) return parts.minutes.focus();
  try {
    const next = await post(`jobs/${job.id}/continue`, { seconds });
    before = { id: next.id, curve: whole(job) };
    watch(next);
  } catch (error) {
    app.problem(error);
  }
}

/** @param {any} job */
async function adopt(job) {
  const done = await app.change('POST', 'adopt', { job: job.id });
  if (done) app.go('planning');
}

/** The plan that the project holds now. */
function plan() {
  const p = app.project.plan;
  if (!p) return fill(parts.plan);
  fill(parts.plan, el('section', { class: 'panel' }, el('h2', null, t('solve_plan')),
    el('p', { class: p.valid ? 'good' : 'bad' }, p.valid ? t('valid') : t('broken_n', { n: p.broken }), ' – ', t('solve_heard', { heard: p.due - p.unscheduled, due: p.due })),
    measures(p.measures || []),
    el('p', null, t('points', { n: p.cost }), p.gap !== null && p.gap !== undefined ? ` ; ${t('gap', { share: percent(p.gap, 1) })}` : ` ; ${t('solve_no_bound')}`),
    el('details', { ontoggle: (/** @type {any} */ e) => { if (e.target.open && !e.target.dataset.read) terms(e.target); } }, el('summary', null, t('solve_terms')))));
}

/** @param {HTMLElement} details */
async function terms(details) {
  details.dataset.read = '1';
  try {
    const check = await get('check');
    details.append(table({ caption: t('solve_terms'), hidden: true, rows: check.cost.terms, columns: [
      { title: t('solve_term'), head: true, cell: (/** @type {any} */ r) => capital(r.label) },
      { title: t('solve_units'), number: true, cell: (/** @type {any} */ r) => (r.unit === 'minute' ? span(r.units * 60) : number(r.units)) },
      { title: t('solve_points'), number: true, cell: (/** @type {any} */ r) => number(r.cost) }] }));
  } catch (error) {
    app.problem(error);
  }
}
