// Faisable ?: need against supply at once; contradictions and priced remedies as a job; a remedy made an edit.

import { get } from '../api.js';
import { button, capital, date, dateShort, el, fill, labelled, number, percent, scroller, say, signed, t } from '../ui.js';
import { command, failure, follow, latest, Progress, refocus, startJob } from './jobs.js';

/** @type {any} */ let app;
/** @type {any} */ let parts;

/** @param {HTMLElement} root @param {any} shell */
export async function show(root, shell) {
  app = shell;
  parts = { need: el('div', null), centres: el('div', null), answer: el('div', { class: 'answer' }), seconds: el('input', { id: 'seconds', type: 'text', class: 'short', value: '20', inputmode: 'numeric', autocomplete: 'off' }) };
  parts.go = button(t('need_diagnose'), search, { class: 'primary' });
  parts.progress = new Progress(app, t('need_searching'), t('job_stop'), parts.go);
  fill(root, el('h1', null, t('need_title')), el('p', { class: 'lead' }, t('need_lead')));
  if (!app.hasData()) {
    root.append(el('p', { class: 'note' }, t('need_no_data')), el('a', { class: 'button', href: app.href('ouvrir') }, t('data_go_open')));
    return;
  }
  root.append(app.project.data.faults ? el('p', { class: 'note warn' }, t('need_faults', { n: app.project.data.faults }), ' ', el('a', { href: app.href('donnees') }, t('solve_see_data'))) : '', parts.need,
    el('section', { class: 'panel' }, el('h2', null, t('need_remedies')), el('p', null, t('need_remedies_lead')),
      el('div', { class: 'row end' }, labelled(t('need_seconds'), parts.seconds), parts.go), parts.progress.node, parts.answer), parts.centres);
  app.on('revision', () => draw().catch(app.problem));
  fill(parts.need, el('p', { class: 'wait' }, t('need_counting')));
  await draw();
  const job = await latest('diagnose');
  if (job) watch(job);
}

async function draw() {
  const need = await get('need');
  const short = [...need.by_profession, ...(need.by_place || [])].filter((/** @type {any} */ p) => p.need > p.supply).length + need.hopeless.length;
  fill(parts.need,
    el('p', { class: short ? 'note warn' : 'note good' }, el('b', null, short ? t('need_short') : t('need_enough')), ' ', t('need_enough_why')),
    need.scarce.length > 0 && el('section', null, el('h2', null, t('need_scarce')), el('ul', { class: 'sentences' }, need.scarce.map((/** @type {any} */ s) => el('li', { class: s.ratio > 1 ? 'bad' : null }, capital(s.sentence))))),
    need.hopeless.length > 0 && hopeless(need.hopeless),
    el('section', null, el('h2', null, t('need_by_profession')), el('p', { class: 'soft' }, t('need_bars')), bars(t('need_by_profession'), need.by_profession)),
    need.by_place?.length > 0 && el('section', null, el('h2', null, t('need_by_place')), bars(t('need_by_place'), need.by_place)));
  const many = need.by_centre.length > 4;
  fill(parts.centres, need.by_centre.length > 0 && el('section', null, el('h2', null, t('need_by_centre')), el('p', { class: 'soft' }, t('need_by_centre_lead')), need.by_centre.map((/** @type {any} */ c) => {
    const over = c.days.filter((/** @type {any} */ d) => d.need > d.supply).length;
    return many ? el('details', { class: 'centre' }, el('summary', null, c.name, ' ', over > 0 && el('span', { class: 'tag warn' }, t('need_over', { n: over }))), centre(c)) : centre(c);
  })));
}

/** @param {any[]} rows */
function hopeless(rows) {
  return el('section', { class: 'note bad' }, el('h2', null, t('need_hopeless', { n: rows.length })),
    el('ul', null, rows.slice(0, 50).map((h) => el('li', null,
      el('a', { href: app.href('donnees', { path: ['candidates'], q: h.candidate }) }, `${h.name} (${h.candidate})`), `, ${h.exam} : `, h.sentence))),
    rows.length > 50 && el('p', null, t('and_more', { n: rows.length - 50 })));
}

/** @param {number} need @param {number} supply @param {number} most */
function bar(need, supply, most) {
  const share = (/** @type {number} */ v) => `${Math.min(100, most > 0 ? (v / most) * 100 : 0)}%`;
  return el('span', { class: need > supply ? 'gauge short' : 'gauge', 'aria-hidden': 'true' },
    el('span', { class: 'supply', style: { width: share(supply) } }), el('span', { class: 'need', style: { width: share(need) } }));
}

/** @param {string} label @param {any[]} rows */
function bars(label, rows) {
  const most = Math.max(...rows.map((r) => Math.max(r.need, r.supply)), 1);
  return scroller(label, el('table', { class: 'need' },
    el('thead', null, el('tr', null, [t('need_who'), t('need_need'), t('need_supply'), t('need_share'), ''].map((h, i) => el(h ? 'th' : 'td', { scope: h ? 'col' : null, class: i > 0 && i < 4 ? 'n' : null }, h)))),
    el('tbody', null, rows.map((r) => el('tr', null,
      el('th', { scope: 'row' }, capital(r.label)), el('td', { class: 'n' }, amount(r.need, r.unit)), el('td', { class: 'n' }, amount(r.supply, r.unit)),
      el('td', { class: r.need > r.supply ? 'n bad' : 'n' }, r.supply > 0 ? percent(r.ratio ?? r.need / r.supply) : '–', r.need > r.supply && el('span', null, ` ${t('need_lacking', { what: amount(r.need - r.supply, r.unit) })}`)),
      el('td', { class: 'wide' }, bar(r.need, r.supply, most)))))));
}

/** @param {number} value @param {string|null} unit */
const amount = (value, unit) => `${number(value, Number.isInteger(value) ? 0 : 1)}${unit ? `\u00a0${unit}` : ''}`;

/** @param {any} c */
function centre(c) {
  const dates = [...new Set(c.days.map((/** @type {any} */ d) => d.date))];
  const halves = [...new Set(c.days.map((/** @type {any} */ d) => d.half))];
  const most = Math.max(...c.days.map((/** @type {any} */ d) => Math.max(d.need, d.supply)), 1);
  const named = (/** @type {any} */ half) => (half === 0 ? t('morning') : half === 1 ? t('afternoon') : String(half));
  return el('div', { class: 'need-centre' }, scroller(c.name, el('table', null, el('caption', null, c.name, c.shared_with > 0 && el('small', { class: 'soft' }, ` ${t('need_shared', { n: c.shared_with })}`)),
    el('thead', null, el('tr', null, el('th', { scope: 'col' }, t('date')), halves.map((h) => el('th', { scope: 'col' }, named(h))))),
    el('tbody', null, dates.map((d) => el('tr', null, el('th', { scope: 'row', title: date(String(d)) }, dateShort(String(d))),
      halves.map((h) => {
        const cell = c.days.find((/** @type {any} */ x) => x.date === d && x.half === h);
        return el('td', null, cell ? el('div', { class: cell.need > cell.supply ? 'half bad' : 'half' }, bar(cell.need, cell.supply, most), el('span', null, t('need_of', { need: number(cell.need), supply: number(cell.supply) }))) : el('span', { class: 'soft' }, '–'));
      })))))));
}

async function search() {
  fill(parts.answer);
  const job = await startJob(app, { kind: 'diagnose', seconds: Math.max(1, Number(parts.seconds.value) || 20) });
  if (job) watch(job);
}

/** @param {any} first */
function watch(first) {
  let told = first.state !== 'running';
  follow(app, first, (job) => {
    parts.progress.draw(job);
    if (job.state === 'running') return fill(parts.answer);
    fill(parts.answer, failure(job) || (job.result && answer(job)), command(job));
    refocus(parts.progress, parts.answer);
    if (!told) say(t('need_answered'));
    told = true;
  });
}

/** @param {any} job */
function answer(job) {
  const { contradictions = [], remedies = [], summary, stopped } = job.result;
  return [
    summary && el('p', { class: job.result.feasible === 'yes' ? 'note good' : 'note' }, summary, stopped ? ` ${t('need_stopped')}` : ''),
    el('h3', null, t('need_contradictions')),
    contradictions.length ? el('ul', { class: 'sentences' }, contradictions.map((/** @type {any} */ c) => el('li', null, capital(c.sentence), who(c.who)))) : el('p', { class: 'good' }, t('need_no_contradiction')),
    el('h3', null, t('need_what_helps')),
    remedies.length ? el('ul', { class: 'remedies' }, remedies.map((/** @type {any} */ r, /** @type {number} */ i) => el('li', null,
      el('div', { class: 'grow' }, el('p', null, capital(r.sentence)), el('p', { class: 'soft' }, capital(worth(r)))),
      (r.applies || r.edit) && button(t('need_apply'), () => apply(job, i), { 'aria-label': `${t('need_apply')} : ${r.sentence}` })))) : el('p', { class: 'soft' }, t('need_no_remedy')),
  ];
}

/** @param {any} r */
const worth = (r) => [r.buys, r.price ? t('need_price', { price: signed(r.price) }) : '', r.heard ? t('need_heard', { n: r.heard }) : '', r.saves && !r.buys ? t('need_saves', { n: r.saves }) : ''].filter(Boolean).join(' ; ');

/** @param {any[]} people */
function who(people) {
  if (!people?.length) return null;
  const sheet = { candidate: 'candidates', examiner: 'examiners', centre: 'centres', room: 'rooms' };
  return el('span', { class: 'who' }, people.slice(0, 12).map((p) => [' ', el('a', { class: 'tag', href: app.href('donnees', { path: [/** @type {any} */ (sheet)[p.kind] || 'candidates'], q: p.id }) }, p.name || p.id)]));
}

/** @param {any} job @param {number} index */
async function apply(job, index) {
  const done = await app.change('POST', 'remedies', { job: job.id, index });
  if (done) fill(parts.answer, el('p', { class: 'note good', role: 'status' }, done.what || t('need_applied'), ' ', t('need_applied_again')));
}
