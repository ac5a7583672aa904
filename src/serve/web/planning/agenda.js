// The day on a narrow page: sessions one below the other, each sitting a button that opens the same dialogs.

import { button, el, fill, hour } from '../ui.js';
import { between, brief, code, colour, colourAll, pinned, sittingKey, t } from './words.js';

/** The day as a list. */
export class Agenda {
  /** @param {any} screen */
  constructor(screen) {
    this.screen = screen;
    /** @type {any} */ this.data = null;
    /** @type {Map<string, any>} */ this.sittings = new Map();
    /** @type {Map<string, {node: HTMLElement, is: string}>} */ this.drawn = new Map();
    this.list = el('div', null);
    this.node = el('div', { class: 'pl-agenda' }, this.list);
  }

  /** @param {any} data the answer of `/api/plan/day` */
  draw(data) {
    this.data = data;
    this.sittings.clear();
    colourAll(data.sessions.flatMap((/** @type {any} */ s) => s.sittings.map((/** @type {any} */ x) => x.exam)));
    const labels = new Map(data.rooms.map((/** @type {any} */ r) => [r.id, r.label]));
    const sessions = [...data.sessions].sort((a, b) => a.span[0] - b.span[0] || (a.room < b.room ? -1 : 1));
    const active = /** @type {HTMLElement|null} */ (document.activeElement)?.dataset?.key;
    const next = new Map();
    for (const s of sessions) {
      for (const x of s.sittings) this.sittings.set(sittingKey(x), { ...x, session: s.id, room: s.room });
      const is = JSON.stringify(s);
      const old = this.drawn.get(s.id);
      next.set(s.id, old?.is === is ? old : { is, node: this.session(s, labels.get(s.room) || s.room) });
    }
    this.drawn = next;
    this.list.replaceChildren(...[...next.values()].map((l) => l.node));
    if (!sessions.length) fill(this.list, el('p', { class: 'note' }, t('empty_day')));
    if (active && !this.node.contains(document.activeElement)) this.focus(active);
  }

  /** @param {any} s @param {string} room */
  session(s, room) {
    const { screen } = this;
    return el('section', { class: 'pl-card' },
      el('h2', null, button([el('b', null, brief(s.label)), ` ${room}, ${s.sittings.length ? between(s.sittings[0].start, s.span[1]) : this.data.half_days[s.half]?.name || ''}`], () => screen.sessionDialog(screen.session(s.id)), { class: 'plain', 'data-key': `v:${s.id}` })),
      el('ul', { class: 'pl-members' }, s.members.map((/** @type {any} */ m) => el('li', null, button([el('small', null, m.seat), ` ${m.name || t(m.required ? 'nobody' : 'nobody_optional')}`], () => screen.memberDialog(s.id, m.seat), { class: m.examiner ? 'small' : m.required ? 'small bad' : 'small soft', 'data-key': `m:${s.id}/${m.seat}` })))),
      el('ol', { class: 'pl-list' }, s.sittings.map((/** @type {any} */ x) => el('li', null, el('button', {
        type: 'button', class: `pl-item${x.broken.length ? ' pl-broken' : ''}`, dataset: { key: sittingKey(x), colour: colour(x.exam) }, onclick: () => screen.sittingDialog(this.sittings.get(sittingKey(x))),
      }, el('span', { class: 'pl-when' }, hour(x.start)), el('span', null, el('b', null, code(x.exam)), ` ${x.name}`, x.preparation_start < x.start && el('small', { class: 'pl-sub' }, t('prepares', { room: x.preparation_room || '', hours: hour(x.preparation_start) })),
        (pinned(x) || x.accommodated) && el('small', { class: 'pl-sub' }, [pinned(x) && t('pinned'), x.accommodated && t('accommodated')].filter(Boolean).join(', ')),
        x.broken.map((/** @type {string} */ b) => el('small', { class: 'pl-sub bad' }, b))))))));
  }

  /** @param {string} key */
  focus(key) {
    const cell = /** @type {HTMLElement|null} */ (this.node.querySelector(`[data-key="${CSS.escape(key)}"]`));
    cell?.focus();
    return Boolean(cell);
  }
}
