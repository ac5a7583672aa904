// The day of a centre: rooms and their sessions against the hours, preparation rooms below. Real DOM, a grid with one
// place in the order of the Tab key. Only what changed is drawn anew.

import { el, fill, hour } from '../ui.js';
import { between, brief, code, colour, colourAll, minutes, pinned, sittingKey, t } from './words.js';

/** Widths in pixels of the two columns at the left. */
const ROOM = 92;
const SESSION = 252;

/**
 * @typedef {object} Hooks what the screen does with the day
 * @property {(key: string, element: HTMLElement) => void} enter Enter or a click on a seat or a session
 * @property {(sitting: any, element: HTMLElement) => void} pick Enter on a sitting
 * @property {(room: string) => void} open a click on an empty room's button
 * @property {(sitting: any) => void} pin
 * @property {(sitting: any) => void} unplace
 * @property {(element: HTMLElement|null, sitting?: any) => void} tell what the pointer or the focus is on
 */

/** The day view. */
export class Day {
  /** @param {Hooks} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    /** @type {any} */ this.data = null;
    this.zoom = 1;
    this.from = 0;
    this.to = 0;
    this.ppm = 1;
    /** @type {Map<string, {node: HTMLElement, lanes: Map<string, {node: HTMLElement, is: string}>}>} */ this.rooms = new Map();
    /** @type {Map<string, any>} */ this.sittings = new Map();
    /** @type {{id: string, top: number, bottom: number}[]|null} */ this.bands = null;
    this.active = '';
    this.canvas = el('canvas', { class: 'pl-paint', 'aria-hidden': 'true' });
    this.body = el('div', { role: 'rowgroup' });
    this.hours = el('div', { class: 'pl-hours', role: 'columnheader' });
    this.seats = el('div', { role: 'rowgroup', class: 'pl-preparation' });
    this.grid = el('div', { role: 'grid', class: 'pl-grid', 'aria-label': '' },
      el('div', { role: 'rowgroup', class: 'pl-head' }, el('div', { role: 'row', class: 'pl-lane' },
        el('div', { class: 'pl-room-head', role: 'columnheader' }, t('room')),
        el('div', { class: 'pl-session', role: 'columnheader' }, t('session_members')), this.hours)),
      this.body, this.seats);
    this.space = el('div', { class: 'pl-space' }, this.canvas, this.grid);
    this.node = el('div', { class: 'pl-scroll', tabindex: -1 }, this.space);
    this.grid.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => this.key(e));
    this.grid.addEventListener('focusin', (/** @type {FocusEvent} */ e) => this.focused(/** @type {HTMLElement} */ (e.target)));
    this.grid.addEventListener('focusout', () => hooks.tell(null));
    this.grid.addEventListener('pointerover', (/** @type {PointerEvent} */ e) => {
      const cell = /** @type {HTMLElement} */ (e.target).closest('[data-key]');
      hooks.tell(/** @type {HTMLElement|null} */ (cell), cell && this.sitting(/** @type {HTMLElement} */ (cell)));
    });
    this.grid.addEventListener('pointerleave', () => hooks.tell(null));
    this.grid.addEventListener('click', (/** @type {MouseEvent} */ e) => {
      const cell = /** @type {HTMLElement|null} */ (/** @type {HTMLElement} */ (e.target).closest('.pl-seat, .pl-name, .pl-open'));
      if (cell) this.enter(cell);
      else if (e.detail === 0) {
        // A screen reader's click: the pointer's own goes through held.js.
        const sitting = /** @type {HTMLElement|null} */ (/** @type {HTMLElement} */ (e.target).closest('.pl-sit, .pl-use'));
        if (sitting) this.enter(sitting);
      }
    });
  }

  /** @param {HTMLElement} cell @returns {any} the sitting that a cell shows */
  sitting(cell) {
    return this.sittings.get(cell.dataset.key || '') || this.sittings.get(cell.dataset.of || '');
  }

  /** Pixels from the left of the hours. @param {number} at minutes */
  x(at) {
    return (at - this.from) * this.ppm;
  }

  /** Where the hours begin. */
  get left() {
    return ROOM + (innerWidth < 1000 ? 180 : SESSION);
  }

  /** How wide a minute is. @param {number} zoom 1: the day fills the page */
  scale(zoom) {
    this.zoom = zoom;
    const width = this.node.clientWidth || innerWidth - 40;
    this.ppm = Math.max(1.2, (width - this.left - 4) / (this.to - this.from)) * zoom;
    this.space.style.setProperty('--room', `${ROOM}px`);
    this.space.style.setProperty('--session', `${this.left - ROOM}px`);
    this.space.style.setProperty('--ppm', `${this.ppm}px`);
    this.space.style.setProperty('--minutes', String(this.to - this.from));
    this.space.classList.toggle('pl-wide', this.ppm > 2.4);
    this.bands = null;
  }

  /** Draws a day, or what changed of it. @param {any} data the answer of `/api/plan/day` */
  draw(data) {
    const first = !this.data || this.data.centre !== data.centre || this.data.date !== data.date;
    const kept = this.grid.contains(document.activeElement) ? this.active : '';
    this.data = data;
    this.sittings.clear();
    let [from, to] = data.open || [480, 1080];
    for (const h of data.half_days) { from = Math.min(from, h.from); to = Math.max(to, h.to); }
    for (const s of data.sessions) {
      if (s.sittings.length) { from = Math.min(from, s.span[0]); to = Math.max(to, s.span[1]); }
      for (const x of s.sittings) this.sittings.set(sittingKey(x), { ...x, session: s.id, room: s.room });
    }
    from = Math.floor(from / 30) * 30;
    to = Math.ceil(to / 30) * 30;
    if (first || from !== this.from || to !== this.to) {
      this.from = from;
      this.to = to;
      this.space.style.setProperty('--from', String(from));
      fill(this.hours, el('span', { class: 'unseen' }, t('hours')), this.ticks());
      this.scale(this.zoom);
      this.space.style.setProperty('--offset', String((60 - (from % 60)) % 60));
    }
    colourAll([...this.sittings.values()].map((s) => s.exam));
    if (first) {
      this.rooms.clear();
      this.body.replaceChildren();
    }
    this.drawRooms();
    this.drawPreparation();
    this.bands = null;
    if (!this.cell(this.active)) this.active = '';
    this.rove();
    if (kept && this.cell(kept) && !this.grid.contains(document.activeElement)) this.focus(kept);
  }

  ticks() {
    const marks = [];
    for (let at = Math.ceil(this.from / 60) * 60; at < this.to; at += 60) marks.push(el('span', { class: 'pl-tick', 'aria-hidden': 'true', style: { '--at': at } }, hour(at)));
    return marks;
  }

  drawRooms() {
    const seen = new Set();
    /** @type {Node|null} */ let after = null;
    for (const room of this.data.rooms) {
      seen.add(room.id);
      let is = this.rooms.get(room.id);
      if (!is) {
        is = { node: el('div', { class: 'pl-room', role: 'presentation' }), lanes: new Map() };
        this.rooms.set(room.id, is);
      }
      const sessions = this.data.sessions.filter((/** @type {any} */ s) => s.room === room.id).sort((/** @type {any} */ a, /** @type {any} */ b) => a.half - b.half || a.span[0] - b.span[0]);
      const wanted = sessions.length ? sessions : [null];
      const lanes = new Map();
      wanted.forEach((/** @type {any} */ session, /** @type {number} */ i) => {
        const key = session ? session.id : '';
        const says = JSON.stringify([i === 0, room, session]);
        const old = is.lanes.get(key);
        lanes.set(key, old && old.is === says ? old : { node: this.lane(room, session, i === 0, wanted.length), is: says });
      });
      place(is.node, [...lanes.values()].map((l) => l.node));
      is.lanes = lanes;
      if (is.node.parentNode !== this.body || is.node.previousSibling !== after) this.body.insertBefore(is.node, after ? after.nextSibling : this.body.firstChild);
      after = is.node;
    }
    for (const [id, is] of this.rooms) {
      if (!seen.has(id)) {
        is.node.remove();
        this.rooms.delete(id);
      }
    }
  }

  /** @param {any} room @param {any} session null in an empty room @param {boolean} first of its room @param {number} lanes */
  lane(room, session, first, lanes) {
    const about = [room.accessible ? t('accessible') : '', ...room.equipment].filter(Boolean);
    const head = el('div', { class: 'pl-room-head', role: 'rowheader' },
      first ? [el('b', null, room.label), room.accessible && el('span', { class: 'pl-acc', title: t('accessible') }, el('span', { 'aria-hidden': 'true' }, '♿'), el('span', { class: 'unseen' }, `, ${t('accessible')}`)),
        room.equipment.length > 0 && el('small', { class: 'soft', title: about.join(', ') }, room.equipment.join(', '))]
        : el('span', { class: 'unseen' }, room.label));
    const away = room.unavailable.map((/** @type {number[]} */ [a, b]) => el('div', { class: 'pl-away', style: { '--at': Math.max(a, this.from), '--for': Math.min(b, this.to) - Math.max(a, this.from) }, title: t('room_away', { hours: between(a, b) }) }));
    const track = el('div', { class: 'pl-track' }, away);
    const node = el('div', { class: first ? 'pl-lane pl-first' : 'pl-lane', role: 'row', dataset: { session: session ? session.id : '', lanes } }, head,
      el('div', { class: 'pl-session' }, session ? this.sessionHead(session) : el('div', { class: 'pl-open', role: 'gridcell', tabindex: -1, dataset: { key: `o:${room.id}`, room: room.id } }, el('span', { 'aria-hidden': 'true' }, '+ '), t('open_here'))), track);
    for (const s of session ? session.sittings : []) track.append(...this.block(s, session));
    return node;
  }

  /** @param {any} session */
  sessionHead(session) {
    const hours = session.sittings.length ? between(session.sittings[0].start, session.span[1]) : this.data.half_days[session.half]?.name || '';
    return [
      el('div', { class: 'pl-name', role: 'gridcell', tabindex: -1, dataset: { key: `v:${session.id}`, session: session.id }, 'aria-label': [t('session_cell', { name: session.label, hours, n: session.sittings.length }), ...(session.broken || [])].join('. ') },
        session.broken?.length > 0 && el('span', { class: 'bad', title: session.broken.join('\n') }, '⚠ '), el('b', null, brief(session.label)), session.language && el('span', { class: 'soft' }, ` ${session.language}`), session.given && el('span', { class: 'soft', title: t('given') }, ' ◆')),
      el('div', { class: 'pl-seats' }, session.members.map((/** @type {any} */ m) => el('div', {
        class: m.examiner ? 'pl-seat' : m.required ? 'pl-seat pl-none bad' : 'pl-seat pl-none soft', role: 'gridcell', tabindex: -1, dataset: { key: `m:${session.id}/${m.seat}`, session: session.id, seat: m.seat },
        'aria-label': t('seat_cell', { seat: m.label, name: m.name || t(m.required ? 'nobody' : 'nobody_optional') }),
      }, el('small', null, m.seat), ` ${m.name || '—'}`))),
    ];
  }

  /** A sitting and the line of its preparation. @param {any} s @param {any} session */
  block(s, session) {
    const key = sittingKey(s);
    const length = s.end - s.start;
    const parts = [t('sitting_cell', { name: s.name, exam: code(s.exam), title: s.label, hours: between(s.start, s.end), room: session.room }),
      s.preparation_start < s.start && t('prepares', { room: s.preparation_room || '', hours: hour(s.preparation_start) }), s.accommodated && t('accommodated'), pinned(s) && t('pinned'), ...s.broken].filter(Boolean);
    return [
      s.preparation_start < s.start && el('div', { class: 'pl-prep', 'aria-hidden': 'true', dataset: { colour: colour(s.exam) }, style: { '--at': s.preparation_start, '--for': s.start - s.preparation_start } }),
      el('div', { class: `pl-sit${s.broken.length ? ' pl-broken' : ''}${pinned(s) ? ' pl-pinned' : ''}`, role: 'gridcell', tabindex: -1, dataset: { key, colour: colour(s.exam) }, style: { '--at': s.start, '--for': length }, 'aria-label': parts.join('. ') },
        el('b', null, code(s.exam)), s.accommodated && el('span', { class: 'pl-mark' }, '⅓'), s.broken.length > 0 && el('span', { class: 'pl-mark' }, '⚠'),
        el('span', { class: 'pl-who' }, s.name)),
    ].filter(Boolean);
  }

  drawPreparation() {
    const rows = this.data.preparation_rooms.map((/** @type {any} */ room) => {
      const uses = [...room.uses].sort((a, b) => a.from - b.from);
      /** @type {number[]} */ const free = [];
      const at = uses.map((u) => {
        let i = free.findIndex((end) => end <= u.from);
        if (i < 0) i = free.length;
        free[i] = u.to;
        return i;
      });
      const head = el('div', { class: 'pl-room-head', role: 'rowheader' }, el('b', null, room.label), room.accessible && el('span', { class: 'pl-acc', title: t('accessible') }, el('span', { 'aria-hidden': 'true' }, '♿'), el('span', { class: 'unseen' }, `, ${t('accessible')}`)));
      const away = room.unavailable.map((/** @type {number[]} */ [a, b]) => el('div', { class: 'pl-away', style: { '--at': Math.max(a, this.from), '--for': Math.min(b, this.to) - Math.max(a, this.from) } }));
      return el('div', { class: 'pl-lane pl-first pl-prep-lane', role: 'row', style: { '--seats': Math.max(2, free.length) } }, head,
        el('div', { class: free.length > room.seats ? 'pl-session bad' : 'pl-session soft', role: 'gridcell' }, t('seats_used', { n: room.seats }), el('br', null), free.length > 0 ? t('seats_most', { n: free.length }) : t('seats_none')),
        el('div', { class: 'pl-track' }, away, uses.map((u, i) => el('div', { class: 'pl-use', role: 'gridcell', tabindex: -1, dataset: { key: `p:${u.candidate}/${u.exam}`, of: sittingKey(u), colour: colour(u.exam) }, style: { '--at': u.from, '--for': u.to - u.from, '--seat': at[i] }, 'aria-label': t('use_cell', { name: u.name, exam: code(u.exam), hours: between(u.from, u.to), room: room.label }) }, `${code(u.exam)} ${u.name}`))));
    });
    const says = JSON.stringify(this.data.preparation_rooms);
    if (says === this.seats.dataset.is) return;
    this.seats.dataset.is = says;
    fill(this.seats, rows.length > 0 && el('div', { role: 'row', class: 'pl-lane pl-title' }, el('div', { role: 'columnheader' }, t('preparation_rooms'))), rows);
  }

  // Where things are

  /** The rooms from top to bottom, in pixels below the top of the space. */
  places() {
    if (!this.bands) {
      const top = this.space.getBoundingClientRect().top;
      this.bands = [...this.rooms].map(([id, is]) => {
        const box = is.node.getBoundingClientRect();
        return { id, top: box.top - top, bottom: box.bottom - top };
      });
    }
    return this.bands;
  }

  /**
   * The room and the minute under a point of the window.
   * @param {number} clientX @param {number} clientY
   */
  under(clientX, clientY) {
    const box = this.space.getBoundingClientRect();
    const y = clientY - box.top;
    const band = this.places().find((b) => y >= b.top && y < b.bottom);
    const x = clientX - box.left - this.left;
    const view = this.node.getBoundingClientRect();
    const seen = clientX >= view.left + this.left && clientX <= view.right && clientY > view.top && clientY < view.bottom;
    return { room: band && seen ? band.id : null, at: this.from + x / this.ppm };
  }

  // Focus

  /** @param {string} key @returns {HTMLElement|null} */
  cell(key) {
    return key ? this.grid.querySelector(`[data-key="${CSS.escape(key)}"]`) : null;
  }

  /** @param {string} key */
  focus(key) {
    const cell = this.cell(key);
    if (!cell) return false;
    cell.focus();
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    return true;
  }

  rove() {
    const now = this.cell(this.active) || this.grid.querySelector('.pl-sit') || this.grid.querySelector('[data-key]');
    for (const cell of this.grid.querySelectorAll('[data-key][tabindex="0"]')) if (cell !== now) cell.setAttribute('tabindex', '-1');
    if (now) now.setAttribute('tabindex', '0');
  }

  /** @param {HTMLElement} target */
  focused(target) {
    const cell = /** @type {HTMLElement|null} */ (target.closest('[data-key]'));
    if (!cell) return;
    this.active = cell.dataset.key || '';
    this.rove();
    if (cell.matches(':focus-visible')) this.hooks.tell(cell, this.sitting(cell));
  }

  /** @param {HTMLElement} cell */
  enter(cell) {
    if (cell.matches('.pl-open')) this.hooks.open(cell.dataset.room || '');
    else if (cell.matches('.pl-sit, .pl-use')) this.hooks.pick(this.sitting(cell), cell);
    else this.hooks.enter(cell.dataset.key || '', cell);
  }

  /** @param {KeyboardEvent} e */
  key(e) {
    const cell = /** @type {HTMLElement|null} */ (/** @type {HTMLElement} */ (e.target).closest('[data-key]'));
    if (!cell || e.ctrlKey && !['Home', 'End'].includes(e.key) || e.altKey || e.metaKey) return;
    const row = /** @type {HTMLElement} */ (cell.closest('[role=row]'));
    const cells = (/** @type {Element} */ r) => /** @type {HTMLElement[]} */ ([...r.querySelectorAll('[data-key]')]);
    const rows = () => [...this.grid.querySelectorAll('[role=row]')].filter((r) => r.querySelector('[data-key]'));
    /** @type {HTMLElement|undefined} */ let to;
    const mine = cells(row);
    const i = mine.indexOf(cell);
    if (e.key === 'ArrowRight') to = mine[i + 1];
    else if (e.key === 'ArrowLeft') to = mine[i - 1];
    else if (e.key === 'Home' || e.key === 'End') {
      const all = e.ctrlKey ? rows() : [row];
      to = e.key === 'Home' ? cells(all[0])[0] : cells(all[all.length - 1]).at(-1);
    } else if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      const all = rows();
      const next = all[all.indexOf(row) + (e.key === 'ArrowDown' ? 1 : -1)];
      if (next) to = nearest(cell, cells(next));
    } else if (e.key === 'Enter' || e.key === ' ') {
      e.preventDefault();
      this.enter(cell);
      return;
    } else if (e.key.toLowerCase() === 'p' && this.sitting(cell)) {
      e.preventDefault();
      this.hooks.pin(this.sitting(cell));
      return;
    } else if (e.key === 'Delete' && this.sitting(cell)) {
      e.preventDefault();
      this.hooks.unplace(this.sitting(cell));
      return;
    } else return;
    e.preventDefault();
    if (to) {
      to.focus({ preventScroll: true });
      this.reveal(to);
    }
  }

  /** Scrolls so that an element is not under the columns at the left. @param {Element} target */
  reveal(target) {
    const box = target.getBoundingClientRect();
    const view = this.node.getBoundingClientRect();
    const headed = target.closest('.pl-session') !== null;
    if (box.top < view.top + 30) this.node.scrollTop -= view.top + 34 - box.top;
    else if (box.bottom > view.bottom - 60) this.node.scrollTop += box.bottom - view.bottom + 64;
    if (headed) return;
    if (box.left < view.left + this.left) this.node.scrollLeft -= view.left + this.left + 8 - box.left;
    else if (box.right > view.right - 20) this.node.scrollLeft += box.right - view.right + 24;
  }

  /** What the day is called by a screen reader. @param {string} name */
  called(name) {
    this.grid.setAttribute('aria-label', name);
  }
}

/** Makes a node's children these, touching no more than it must. @param {HTMLElement} node @param {HTMLElement[]} children */
function place(node, children) {
  for (const old of [...node.children]) if (!children.includes(/** @type {HTMLElement} */ (old))) old.remove();
  children.forEach((child, i) => {
    if (node.children[i] !== child) node.insertBefore(child, node.children[i] || null);
  });
}

/** @param {HTMLElement} from @param {HTMLElement[]} cells the one that lies nearest in the line of hours */
function nearest(from, cells) {
  const box = from.getBoundingClientRect();
  const middle = box.left + Math.min(box.width, 40) / 2;
  const far = (/** @type {HTMLElement} */ c) => {
    const b = c.getBoundingClientRect();
    return b.left <= middle && b.right >= middle ? 0 : Math.min(Math.abs(b.left - middle), Math.abs(b.right - middle));
  };
  return cells.reduce((/** @type {HTMLElement|undefined} */ best, c) => (!best || far(c) < far(best) ? c : best), undefined);
}

/** How long a sitting and its preparation take, in words. @param {any} held of a `Places` answer */
export function lasting(held) {
  return held.before ? t('lasting_prepared', { length: minutes(held.length), before: minutes(held.before) }) : t('lasting', { length: minutes(held.length) });
}
