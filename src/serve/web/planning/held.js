// What is held: a sitting or a whole session. Asks for its places once, paints them, follows the pointer or the arrows,
// and drops. The sentence of a place is asked for when the pointer or the cursor rests on it.

import { post, Problem } from '../api.js';
import { el, fill, hour, say, signed } from '../ui.js';
import { paint, runAt, threshold } from './paint.js';
import { between, capital, price, sameHeld, sittingKey, t } from './words.js';

/** Pixels that the pointer moves before a press is a drag. */
const SLACK = 5;
/** Milliseconds that the pointer rests before the sentence is asked for. */
const REST = 120;

/**
 * @typedef {{room: string, start: number}} Spot
 * @typedef {{sitting: {candidate: string, exam: string}}|{session: string}} What
 */

/** The thing in the hand, if there is one. */
export class Held {
  /** @param {any} screen the Planning screen (planning.js) */
  constructor(screen) {
    this.screen = screen;
    /** @type {What|null} */ this.what = null;
    /** @type {any} */ this.places = null;
    /** @type {Spot|null} */ this.spot = null;
    this.grab = 0;
    this.keys = false;
    this.frozen = false;
    this.back = '';
    this.wish = 0;
    /** @type {{x: number, y: number, moved: boolean}|null} */ this.press = null;
    /** @type {AbortController|null} */ this.asking = null;
    /** @type {Map<string, any>} */ this.known = new Map();
    this.ghost = el('button', { type: 'button', class: 'pl-ghost', hidden: true, onkeydown: (/** @type {KeyboardEvent} */ e) => this.key(e) });
    this.tip = el('div', { class: 'pl-tip', hidden: true, 'aria-hidden': 'true' });
    /** @type {(() => void)[]} */ this.offs = [];
    this.rest = 0;
    this.point = { x: 0, y: 0 };
  }

  /** Listens while the screen is shown. */
  attach() {
    const listen = (/** @type {string} */ name, /** @type {(e: any) => void} */ run) => {
      document.addEventListener(name, run);
      this.offs.push(() => document.removeEventListener(name, run));
    };
    listen('pointerdown', (e) => this.down(e));
    listen('pointermove', (e) => this.moved(e));
    listen('pointerup', (e) => this.up(e));
    listen('pointercancel', () => { this.press = null; });
    listen('keydown', (e) => {
      if (e.key === 'Escape' && this.what && !document.querySelector('dialog[open]') && !e.defaultPrevented) {
        e.preventDefault();
        this.release();
      }
    });
  }

  detach() {
    for (const off of this.offs.splice(0)) off();
    this.forget();
  }

  // Picking

  /**
   * @param {What} what
   * @param {{keys?: boolean, grab?: number, back?: string}} [how] `grab`: minutes from the start of the sitting to the pointer
   */
  pick(what, how = {}) {
    const again = sameHeld(this.what, what);
    this.what = what;
    this.grab = how.grab || 0;
    this.keys = Boolean(how.keys);
    this.back = how.back || '';
    this.frozen = false;
    this.known.clear();
    if (!again) {
      this.places = null;
      this.spot = null;
    }
    for (const old of document.querySelectorAll('#toasts .toast:not(.bad)')) old.remove();
    performance.mark('oraux-pick');
    this.mark();
    this.ask();
  }

  /** Asks for the places of the day that is shown. */
  async ask() {
    const { what } = this;
    const { centre, date } = this.screen.where;
    if (!what) return;
    this.asking?.abort();
    const mine = this.asking = new AbortController();
    try {
      const places = await post('hold', { held: what, centre, date }, mine.signal);
      if (mine.signal.aborted || this.what !== what) return;
      this.places = places;
      this.known.clear();
      this.paint();
      performance.measure('oraux-pick-to-paint', 'oraux-pick');
      // The colours are seen first; what is written beside them comes a frame later.
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      if (mine.signal.aborted || this.what !== what) return;
      this.screen.strip();
      this.screen.dock.held(this);
      this.screen.holding();
      if (this.keys) this.start();
      else {
        if (places.held) say(t('held_say', { what: places.held.label }));
        this.follow();
      }
    } catch (error) {
      if (mine.signal.aborted) return;
      this.release();
      this.screen.app.problem(error);
    }
  }

  /** Paints the places, if the day that they are of is shown. */
  paint() {
    const { day, where } = this.screen;
    if (!day?.data) return;
    const of = this.places?.day;
    paint(day, of && of.centre === where.centre && of.date === where.date ? this.places : null);
    day.space.classList.toggle('pl-holding', Boolean(this.what));
    day.node.dataset.painted = this.places ? `${of.centre} ${of.date} ${this.places.held.label}` : '';
    if (!this.ghost.isConnected || this.ghost.parentNode !== day.space) day.space.append(this.ghost);
    this.mark();
    if (!this.places) this.screen.strip();
  }

  /** Marks the held sitting, or those of the held session. */
  mark() {
    const { day } = this.screen;
    if (!day) return;
    for (const old of day.grid.querySelectorAll('.pl-held')) {
      old.classList.remove('pl-held');
      old.removeAttribute('aria-selected');
    }
    if (!this.what) return;
    // Some orals are heard one right after the other: they are held together.
    const cells = 'sitting' in this.what ? (this.places?.held.orals || [this.what.sitting]).map((/** @type {any} */ oral) => day.cell(sittingKey(oral)))
      : [...day.grid.querySelectorAll(`[data-session="${CSS.escape(this.what.session)}"] .pl-sit`)];
    for (const cell of cells) {
      cell?.classList.add('pl-held');
      cell?.setAttribute('aria-selected', 'true');
    }
  }

  /** Where the arrows begin: where it is, else the cheapest place of this day. */
  start() {
    const { day, where } = this.screen;
    if (!day?.data) return this.screen.dock.focus();
    const now = this.places.now;
    /** @type {Spot|null} */ let spot = null;
    if (now && now.centre === where.centre && now.date === where.date) spot = { room: now.room, start: now.start };
    else {
      let best = Infinity;
      for (const room of this.places.day.rooms) for (const run of room.runs) {
        if (typeof run.price === 'number' && run.price < best) {
          best = run.price;
          spot = { room: room.room, start: run.from };
        }
      }
    }
    if (!spot) {
      this.ghost.hidden = true;
      say(t('no_place_today'));
      return this.screen.dock.focus();
    }
    this.wish = spot.start;
    this.to(spot);
    this.ghost.focus({ preventScroll: true });
    say(t('held_keys', { what: this.places.held.label }));
  }

  /** Lets it go; nothing is changed. @param {string} [focus] the cell to go to instead of where it came from */
  release(focus) {
    if (!this.what) return;
    const within = this.ghost === document.activeElement || this.screen.dock.node.contains(document.activeElement) || document.activeElement === document.body;
    const back = focus || this.back;
    this.forget();
    this.screen.dock.tray();
    this.screen.released();
    say(t('let_go'));
    if (within && back) this.screen.focus(back);
  }

  forget() {
    this.asking?.abort();
    clearTimeout(this.rest);
    this.what = null;
    this.places = null;
    this.spot = null;
    this.press = null;
    this.frozen = false;
    this.ghost.hidden = true;
    this.tip.hidden = true;
    if (this.screen.day) this.paint();
  }

  // The pointer

  /** @param {PointerEvent} e */
  down(e) {
    if (e.button !== 0 || !this.screen.day?.data || document.querySelector('dialog[open]')) return;
    const target = /** @type {HTMLElement} */ (e.target);
    const { day } = this.screen;
    const cell = /** @type {HTMLElement|null} */ (target.closest('.pl-sit, .pl-use, .pl-chip'));
    this.point = { x: e.clientX, y: e.clientY };
    if (cell && !cell.classList.contains('pl-held')) {
      this.press = { x: e.clientX, y: e.clientY, moved: false };
      if (e.pointerType === 'touch') return;
      e.preventDefault();
      this.take(cell, e.clientX, e.clientY);
    } else if (this.what && day?.node.contains(target) && !target.closest('.pl-session, .pl-room-head')) {
      e.preventDefault();
      this.press = { x: e.clientX, y: e.clientY, moved: false };
    }
  }

  /** @param {HTMLElement} cell @param {number} x @param {number} y */
  take(cell, x, y) {
    const { day } = this.screen;
    const sitting = cell.matches('.pl-chip') ? { candidate: cell.dataset.candidate, exam: cell.dataset.exam } : day.sitting(cell);
    if (!sitting) return;
    this.pick({ sitting: { candidate: sitting.candidate, exam: sitting.exam } }, { grab: sitting.start === undefined ? 0 : day.under(x, y).at - sitting.start, back: cell.dataset.key });
    cell.focus({ preventScroll: true });
  }

  /** @param {PointerEvent} e */
  moved(e) {
    if (!this.what) return;
    this.point = { x: e.clientX, y: e.clientY };
    if (this.press && !this.press.moved && Math.hypot(e.clientX - this.press.x, e.clientY - this.press.y) > SLACK) this.press.moved = true;
    if (this.press?.moved) this.edge(e);
    if (!this.keys || e.movementX || e.movementY) this.follow();
  }

  /** The ghost goes where the pointer is. */
  follow() {
    const { day } = this.screen;
    if (!day?.data || !this.places || this.frozen) return;
    const target = document.elementFromPoint(this.point.x, this.point.y);
    if (!target || !day.node.contains(target)) {
      this.tip.hidden = true;
      return;
    }
    const { room, at } = day.under(this.point.x, this.point.y);
    if (!room) {
      this.ghost.hidden = true;
      this.tip.hidden = true;
      return;
    }
    this.keys = false;
    const step = day.data.step;
    const start = Math.round((at - this.grab) / step) * step;
    this.to(this.near({ room, start }));
  }

  /** A start that is allowed a step away, for hands that shake. @param {Spot} spot */
  near(spot) {
    const step = this.screen.day.data.step;
    for (const start of [spot.start, spot.start - step, spot.start + step]) {
      const run = runAt(this.places, spot.room, start);
      if (typeof run?.price === 'number') return { room: spot.room, start };
    }
    return spot;
  }

  /** Scrolls while something is dragged near an edge. @param {PointerEvent} e */
  edge(e) {
    const node = this.screen.day?.node;
    if (!node) return;
    const box = node.getBoundingClientRect();
    if (e.clientY > box.bottom - 36 && e.clientY < box.bottom + 30) node.scrollTop += 14;
    else if (e.clientY < box.top + 50 && e.clientY > box.top - 30) node.scrollTop -= 14;
    if (e.clientX > box.right - 36) node.scrollLeft += 14;
    else if (e.clientX < box.left + this.screen.day.left + 30 && e.clientX > box.left + this.screen.day.left) node.scrollLeft -= 14;
  }

  /** @param {PointerEvent} e */
  up(e) {
    const press = this.press;
    this.press = null;
    if (!press) return;
    const target = document.elementFromPoint(e.clientX, e.clientY);
    const { day } = this.screen;
    if (!day) return;
    if (e.pointerType === 'touch' && !press.moved) {
      const cell = /** @type {HTMLElement|null} */ (target?.closest('.pl-sit, .pl-use, .pl-chip') || null);
      if (cell && !cell.classList.contains('pl-held')) return this.take(cell, e.clientX, e.clientY);
    }
    if (!this.what) return;
    const cell = target?.closest('.pl-cell');
    if (press.moved && cell) return this.screen.overCell(cell);
    if (!day?.node.contains(target) || target?.closest('.pl-session')) return;
    if (!press.moved && target?.closest('.pl-sit:not(.pl-held), .pl-use')) return;
    if (!this.places) {
      if (press.moved) this.release();
      return;
    }
    this.frozen = false;
    this.follow();
    if (this.spot) this.drop();
  }

  // The cursor

  /** Shows a place: ghost, price, sentence. @param {Spot} spot */
  to(spot) {
    const { day } = this.screen;
    const same = this.spot && this.spot.room === spot.room && this.spot.start === spot.start && !this.ghost.hidden;
    this.spot = spot;
    if (!same) {
      const run = runAt(this.places, spot.room, spot.start);
      const allowed = typeof run?.price === 'number';
      const band = day.places().find((/** @type {any} */ b) => b.id === spot.room);
      if (!band) return;
      let { top, bottom } = band;
      const lane = run?.session ? day.rooms.get(spot.room)?.lanes.get(run.session)?.node : null;
      if (lane) {
        const space = day.space.getBoundingClientRect().top;
        const box = lane.getBoundingClientRect();
        top = box.top - space;
        bottom = box.bottom - space;
      }
      const { length } = this.places.held;
      for (const [name, value] of [['top', top + 2], ['height', bottom - top - 4], ['left', day.left + day.x(spot.start)], ['width', length * day.ppm]]) this.ghost.style.setProperty(name, `${value}px`);
      const kind = !allowed ? 'shut' : run.price <= threshold(this.places) ? 'free' : 'dear';
      this.ghost.className = `pl-ghost pl-${kind}`;
      this.ghost.hidden = false;
      const said = this.said(spot, run);
      this.ghost.setAttribute('aria-label', said);
      fill(this.ghost, el('span', { 'aria-hidden': 'true' }, hour(spot.start)));
      this.show(spot, run, this.known.get(`${spot.room} ${spot.start}`));
      clearTimeout(this.rest);
      this.rest = setTimeout(() => this.why(spot), REST);
      if (this.keys) say(said);
    }
    this.beside();
  }

  /** What the place is, in words. @param {Spot} spot @param {any} run @param {boolean} [bare] without the rule that forbids it */
  said(spot, run, bare = false) {
    const { day } = this.screen;
    const label = day.data.rooms.find((/** @type {any} */ r) => r.id === spot.room)?.label || spot.room;
    const rule = !bare && run && run.reason !== undefined ? this.places.reasons[run.reason]?.rules[0] : null;
    return t('spot', { room: label, hours: between(spot.start, spot.start + this.places.held.length), price: typeof run?.price === 'number' ? price(run.price) : `${t('forbidden')}${rule ? ` – ${rule.label}` : ''}` });
  }

  /** Whether a sitting would join a session or open one. @param {any} run */
  joins(run) {
    return this.what && 'sitting' in this.what && typeof run?.price === 'number' ? t(run.session ? 'joins' : 'opens') : '';
  }

  /** What is told beside the place. @param {Spot} spot @param {any} run @param {any} why */
  show(spot, run, why) {
    const { day } = this.screen;
    const label = day.data.rooms.find((/** @type {any} */ r) => r.id === spot.room)?.label || spot.room;
    const reason = run && run.reason !== undefined ? this.places.reasons[run.reason] : null;
    const allowed = typeof run?.price === 'number';
    fill(this.tip,
      el('div', { class: 'pl-tip-head' }, el('b', null, allowed ? price(run.price) : t('forbidden')), el('span', null, ` ${label}, ${between(spot.start, spot.start + this.places.held.length)}`)),
      allowed ? el('div', null, this.joins(run)) : why?.text ? el('div', null, why.text) : el('div', null, capital(reason?.rules[0]?.label || '')),
      allowed && why?.terms?.filter((/** @type {any} */ x) => x.cost).slice(0, 5).map((/** @type {any} */ x) => el('div', { class: 'pl-term' }, el('span', null, x.label), el('span', null, signed(x.cost)))));
    this.tip.className = `pl-tip pl-${!allowed ? 'shut' : run.price <= threshold(this.places) ? 'free' : 'dear'}`;
    this.tip.hidden = false;
  }

  /** Puts the words beside the pointer, or below the cursor. */
  beside() {
    const box = this.tip.getBoundingClientRect();
    const ghost = this.ghost.getBoundingClientRect();
    let x = this.keys ? ghost.left : this.point.x + 16;
    let y = this.keys ? ghost.bottom + 6 : this.point.y + 18;
    if (x + box.width > innerWidth - 8) x = this.keys ? innerWidth - box.width - 8 : this.point.x - box.width - 12;
    if (y + box.height > innerHeight - 8) y = (this.keys ? ghost.top : this.point.y) - box.height - 10;
    this.tip.style.setProperty('left', `${Math.max(4, x)}px`);
    this.tip.style.setProperty('top', `${Math.max(4, y)}px`);
  }

  /** The sentence of a place. @param {Spot} spot */
  async why(spot) {
    const what = this.what;
    if (!what || !this.screen.day?.data) return;
    const key = `${spot.room} ${spot.start}`;
    let answer = this.known.get(key);
    if (!answer) {
      try {
        answer = await post('why', { held: what, centre: this.screen.where.centre, date: this.screen.where.date, room: spot.room, start: spot.start });
      } catch (error) {
        if (!(error instanceof Problem)) this.screen.app.problem(error);
        return;
      }
      if (this.what !== what) return;
      this.known.set(key, answer);
    }
    // The reader may have gone to another view meanwhile.
    if (!this.screen.day?.data || !this.spot || this.spot.room !== spot.room || this.spot.start !== spot.start) return;
    this.show(spot, runAt(this.places, spot.room, spot.start), answer);
    this.beside();
    const run = runAt(this.places, spot.room, spot.start);
    this.screen.dock.why(answer, [this.said(spot, run, true), this.joins(run)].filter(Boolean).join('. '));
    if (this.keys && !answer.allowed) say(`${this.said(spot, run, true)}. ${answer.text}`);
  }

  /** @param {KeyboardEvent} e */
  key(e) {
    if (!this.places || !this.spot || e.ctrlKey || e.metaKey || e.altKey) return;
    const { day } = this.screen;
    const step = day.data.step;
    this.keys = true;
    this.frozen = false;
    const runs = this.places.day.rooms.find((/** @type {any} */ r) => r.room === this.spot?.room)?.runs || [];
    /** @type {Spot|null} */ let to = null;
    const { room, start } = this.spot;
    const allowed = (/** @type {any[]} */ from) => from.filter((r) => typeof r.price === 'number');
    if (e.key === 'ArrowRight' && e.shiftKey) to = { room, start: Math.min(start + step, runs.at(-1)?.to ?? start) };
    else if (e.key === 'ArrowLeft' && e.shiftKey) to = { room, start: Math.max(start - step, runs[0]?.from ?? start) };
    else if (e.key === 'ArrowRight') {
      const run = allowed(runs).find((r) => r.to > start);
      if (run) to = { room, start: Math.max(run.from, start + step) };
    } else if (e.key === 'ArrowLeft') {
      const run = allowed(runs).reverse().find((r) => r.from < start);
      if (run) to = { room, start: Math.min(run.to, start - step) };
    } else if (e.key === 'Home' || e.key === 'End') {
      const run = e.key === 'Home' ? allowed(runs)[0] : allowed(runs).at(-1);
      if (run) to = { room, start: e.key === 'Home' ? run.from : run.to };
    } else if (e.key === 'ArrowUp' || e.key === 'ArrowDown') {
      const order = day.places().map((/** @type {any} */ b) => b.id);
      const rest = e.key === 'ArrowDown' ? order.slice(order.indexOf(room) + 1) : order.slice(0, order.indexOf(room)).reverse();
      for (const id of rest) {
        const there = allowed(this.places.day.rooms.find((/** @type {any} */ r) => r.room === id)?.runs || []);
        if (!there.length && !e.shiftKey) continue;
        const far = (/** @type {any} */ r) => Math.max(0, r.from - this.wish, this.wish - r.to);
        const run = there.sort((a, b) => far(a) - far(b))[0];
        to = { room: id, start: run && !e.shiftKey ? Math.min(Math.max(this.wish, run.from), run.to) : start };
        break;
      }
      if (to) {
        e.preventDefault();
        this.to(to);
        day.reveal(this.ghost);
        this.beside();
        return;
      }
    } else if (e.key === 'PageDown' || e.key === 'PageUp') {
      e.preventDefault();
      this.screen.step(e.key === 'PageDown' ? 1 : -1);
      return;
    } else if (e.key === 'Enter' || e.key === ' ') {
      e.preventDefault();
      this.drop();
      return;
    } else if (e.key.toLowerCase() === 'p' && this.what && 'sitting' in this.what) {
      e.preventDefault();
      this.screen.pin(this.what.sitting);
      return;
    } else return;
    e.preventDefault();
    if (!to) return say(t('no_further'));
    this.wish = to.start;
    this.to(to);
    day.reveal(this.ghost);
    this.beside();
  }

  /** Puts it where the cursor is. */
  async drop() {
    const { what, spot, places } = this;
    if (!what || !spot || !places || this.screen.acting) return;
    const { centre, date } = this.screen.where;
    const now = places.now;
    if (now && now.centre === centre && now.date === date && now.room === spot.room && now.start === spot.start) return this.release();
    const run = runAt(places, spot.room, spot.start);
    if (typeof run?.price !== 'number') {
      this.frozen = !this.keys;
      await this.why(spot);
      return;
    }
    await this.screen.put(what, { centre, date, room: spot.room, start: spot.start }, now, (/** @type {Problem} */ problem) => this.refused(problem));
  }

  /** What a drop that was refused says. @param {Problem} problem */
  refused(problem) {
    this.frozen = !this.keys;
    this.screen.dock.why({ allowed: false, text: problem.detail || problem.title, rules: problem.rules, who: problem.who, datum: problem.body.datum || null, terms: [] }, t('refused'));
    say(`${t('refused')}. ${problem.detail || problem.title}`);
  }
}
