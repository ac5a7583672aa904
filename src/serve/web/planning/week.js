// The week: centres against dates, with their load; the best price in each cell while something is held.

import { el, fill, number, percent, signed } from '../ui.js';
import { threshold } from './paint.js';
import { date, dateShort, price, t } from './words.js';

/** @param {any} screen */
export function week(screen) {
  const { centres, dates, unscheduled } = screen.week;
  const best = screen.best();
  const holding = Boolean(screen.hand.what);
  const limit = screen.hand.places ? threshold(screen.hand.places) : 0;
  const focused = /** @type {HTMLElement|null} */ (document.activeElement)?.dataset?.cell;
  const cell = (/** @type {any} */ c, /** @type {any} */ d) => {
    const at = best.get(`${c.id} ${d.date}`);
    const kind = !holding || at === undefined ? '' : at === null ? ' pl-shut' : at <= limit ? ' pl-free' : ' pl-dear';
    if (!d.open && !d.sittings) return el('td', { class: 'pl-closed' }, el('span', { 'aria-hidden': 'true' }, '·'), el('span', { class: 'unseen' }, t('shut')));
    const says = [screen.centreName(c), date(d.date), t('day_load', { n: d.sittings, share: number(d.load * 100) }), t('rooms_used', { n: d.rooms_used, of: d.rooms }), holding && at !== undefined ? (at === null ? t('no_place') : t('best', { p: price(at) })) : ''].filter(Boolean).join(', ');
    return el('td', null, el('button', {
      type: 'button', class: `pl-cell pl-week-cell${kind || (d.sittings ? '' : ' pl-none-here')}`, dataset: { centre: c.id, date: d.date, cell: `${c.id} ${d.date}` }, 'aria-label': says, title: says, onclick: () => screen.to({ centre: c.id, date: d.date }, 'jour'),
    }, holding && at !== undefined ? el('b', null, at === null ? '—' : signed(at)) : el('b', null, number(d.sittings)),
    el('small', null, `${d.rooms_used}/${d.rooms} · ${percent(d.load)}`), el('span', { class: 'pl-load', style: { '--load': d.load } })));
  };
  fill(screen.main, el('p', null, el('b', null, t(holding ? 'week_held' : 'week_caption')), unscheduled > 0 && el('span', { class: 'warn' }, ` ${t('tray_n', { n: unscheduled })}`)), el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('tab_week') }, el('table', { class: 'pl-week' },
    el('caption', { class: 'unseen' }, t(holding ? 'week_held' : 'week_caption')),
    el('thead', null, el('tr', null, el('th', { scope: 'col' }, t('centre')), dates.map((/** @type {string} */ d) => el('th', { scope: 'col' }, dateShort(d))))),
    el('tbody', null, centres.map((/** @type {any} */ c) => el('tr', null, el('th', { scope: 'row' }, screen.centreName(c)), c.days.map((/** @type {any} */ d) => cell(c, d))))))));
  if (focused) /** @type {HTMLElement|null} */ (screen.main.querySelector(`[data-cell="${CSS.escape(focused)}"]`))?.focus();
}
