// A candidate's, an examiner's or a commission's days, on one line of hours each.

import { el, fill, hour } from '../ui.js';
import { between, brief, code, colour, date, dateShort, shortly, t, wholly } from './words.js';

/** @param {any} screen @param {any} data the answer of `/api/plan/candidate/{id}` and its like */
export function person(screen, data) {
  const blocks = data.days.flatMap((/** @type {any} */ d) => d.blocks);
  const from = Math.floor(Math.min(480, ...blocks.map((/** @type {any} */ b) => b.from)) / 60) * 60;
  const to = Math.ceil(Math.max(1080, ...blocks.map((/** @type {any} */ b) => b.to)) / 60) * 60;
  const ticks = [];
  for (let at = from; at < to; at += 60) ticks.push(el('span', { class: 'pl-tick', style: { '--at': at } }, hour(at)));
  fill(screen.main, el('article', { class: 'pl-person' },
    el('h2', null, data.name, el('small', { class: 'soft' }, ` ${t(/** @type {any} */ (`is_${data.kind}`))}${data.kind === 'commission' ? '' : ` ${data.id}`}`)),
    data.facts.length > 0 && el('dl', { class: 'pl-facts' }, data.facts.map((/** @type {any} */ f) => el('div', null, el('dt', null, f.label), el('dd', null, f.value)))),
    data.kind === 'candidate' && el('p', { class: 'noprint' }, el('button', { type: 'button', class: 'small', onclick: () => screen.repair({ candidate: data.id }) }, t('repair_dots'))),
    data.unplaced?.length > 0 && el('div', { class: 'note warn' }, el('h3', null, t('unplaced')), el('ul', null, data.unplaced.map((/** @type {any} */ u) => el('li', null, `${code(u.exam)}${u.label ? ` – ${u.label}` : ''} : ${u.reason || ''} `,
      data.kind === 'candidate' && el('button', { type: 'button', class: 'small', onclick: () => screen.placesDialog({ sitting: { candidate: data.id, exam: u.exam } }) }, t('place_dots')))))),
    data.days.length === 0 && el('p', { class: 'note' }, t('no_days')),
    el('div', { class: 'pl-days', style: { '--from': from, '--minutes': to - from } },
      el('div', { class: 'pl-hours', 'aria-hidden': 'true' }, ticks),
      data.days.map((/** @type {any} */ d) => line(screen, data, d)))));
}

/** @param {any} screen @param {any} data @param {any} d one date */
function line(screen, data, d) {
  const many = data.kind === 'commission';
  const free = d.blocks.filter((/** @type {any} */ b) => b.kind === 'available');
  const blocks = d.blocks.filter((/** @type {any} */ b) => b.kind !== 'available');
  const { lanes, at } = packed(blocks);
  return el('section', { class: 'pl-person-day' },
    el('h3', null, date(d.date), d.centre_name && el('small', { class: 'soft' }, ` ${d.centre_name} `), d.centre && el('a', { class: 'noprint', href: screen.app.href('planning', { path: ['jour'], centre: d.centre, date: d.date }), 'aria-label': t('see_day', { day: dateShort(d.date), centre: d.centre_name || '' }) }, t('see'))),
    el('ul', { class: `pl-line${many ? ' pl-many' : ''}`, style: { '--lanes': lanes } },
      free.map((/** @type {any} */ b) => el('li', { class: 'pl-available', style: { '--at': b.from, '--for': b.to - b.from }, title: `${wholly(b)}, ${between(b.from, b.to)}` }, el('span', { class: 'unseen' }, `${wholly(b)}, ${between(b.from, b.to)}`))),
      blocks.map((/** @type {any} */ b, /** @type {number} */ i) => {
        const says = [wholly(b), b.seat, between(b.from, b.to), b.room, many && centreOf(screen, b)].filter(Boolean).join(', ');
        const centre = b.centre || d.centre;
        const goes = centre && b.session ? { path: ['jour'], centre, date: d.date, show: b.candidate && b.exam ? `s:${b.candidate}/${b.exam}` : `v:${b.session}` } : null;
        const shown = many ? [el('b', null, b.room), el('span', null, hour(b.from)), el('span', null, centreOf(screen, b))]
          : [el('b', null, b.kind === 'session' ? brief(shortly(b)) : shortly(b)), el('span', null, hour(b.from)), b.room && el('div', null, b.room)];
        return el('li', { class: `pl-block pl-${b.kind}`, dataset: b.exam && b.kind !== 'paper' ? { colour: colour(b.exam) } : null, style: { '--at': b.from, '--for': b.to - b.from, '--lane': at[i] }, title: says },
          goes ? el('a', { href: screen.app.href('planning', goes), 'aria-label': says }, shown) : el('span', null, shown));
      })),
    !many && el('p', { class: 'pl-said' }, blocks.length ? blocks.map((/** @type {any} */ b, /** @type {number} */ i) => `${i ? ' · ' : ''}${between(b.from, b.to)} ${shortly(b)}${b.seat ? `, ${b.seat}` : ''}${b.room ? ` (${b.room})` : ''}`) : t('nothing_this_day')));
}

/** Where a block of a commission is. @param {any} screen @param {any} b */
const centreOf = (screen, b) => screen.week.centres.find((/** @type {any} */ c) => c.id === b.centre)?.name || '';

/** Gives each block a lane where it meets no other. @param {any[]} blocks @returns {{at: number[], lanes: number}} */
function packed(blocks) {
  /** @type {number[]} */ const free = [];
  const at = blocks.map((b) => {
    let i = free.findIndex((end) => end <= b.from);
    if (i < 0) i = free.length;
    free[i] = b.to;
    return i;
  });
  return { at, lanes: Math.max(1, free.length) };
}
