// The Planning screen: a centre's day, the week, a person's days; one thing in the hand over all of them.
// `#/planning/jour?centre=…&date=…`, `#/planning/semaine`, `#/planning/candidat/C0001`, `…/interrogateur/…`, `…/commission/…`.

import { get, post, Problem } from '../api.js';
import { button, combobox, el, fill, number, say, signed, toast } from '../ui.js';
import { Agenda } from './agenda.js';
import { Day } from './day.js';
import { Dock, strip } from './dock.js';
import { Held } from './held.js';
import { brokenDialog, memberDialog, placesDialog, refusal, sittingDialog } from './dialogs.js';
import { openDialog, sessionDialog } from './session.js';
import { repairDialog } from './repair.js';
import { person } from './person.js';
import { week } from './week.js';
import { between, code, date, dateShort, hasPrice, key, pinned, price, sittingKey, t } from './words.js';

/** Where the reader was, for as long as the page is open. */
const kept = { centre: '', date: '', zoom: 1 };

const NARROW = '(max-width: 760px)';

/** @type {Screen|null} */ let screen = null;

/** @param {HTMLElement} root @param {any} app @param {any} params */
export async function show(root, app, params) {
  screen?.close();
  const mine = screen = new Screen(root, app);
  await styled();
  if (screen === mine) await mine.open(params);
}

export function leave() {
  screen?.close();
  screen = null;
}

/** The screen's own style sheet, once. @returns {Promise<void>} */
function styled() {
  const there = /** @type {HTMLLinkElement|null} */ (document.querySelector('link[href$="planning/planning.css"]'));
  if (there) return there.sheet ? Promise.resolve() : new Promise((done) => { there.addEventListener('load', () => done()); there.addEventListener('error', () => done()); });
  const link = el('link', { rel: 'stylesheet', href: 'assets/planning/planning.css' });
  const loaded = new Promise((done) => { link.onload = link.onerror = () => done(undefined); });
  document.head.append(link);
  return /** @type {Promise<void>} */ (loaded);
}

/** The screen while it is shown. */
class Screen {
  /** @param {HTMLElement} root @param {any} app */
  constructor(root, app) {
    this.root = root;
    this.app = app;
    /** @type {Day|null} */ this.day = null;
    /** @type {Agenda|null} */ this.agenda = null;
    /** @type {any} */ this.week = null;
    this.where = { centre: kept.centre, date: kept.date };
    this.view = 'jour';
    /** @type {string[]} */ this.path = [];
    this.hand = new Held(this);
    this.dock = new Dock(this);
    this.turn = 0;
    /** How many actions are on their way. */
    this.acting = 0;
    /** @type {Promise<any>} */ this.last = Promise.resolve();
    /** @type {Promise<void>} */ this.reloading = Promise.resolve();
    this.abort = new AbortController();
    this.narrow = matchMedia(NARROW);
    this.main = el('div', { class: 'pl-main' });
    this.dates = el('nav', { class: 'pl-dates', 'aria-label': t('dates') });
    this.tip = el('div', { class: 'pl-tip pl-about', hidden: true, 'aria-hidden': 'true' });
    this.telling = 0;
  }

  /** @param {any} params */
  async open(params) {
    const { app, root } = this;
    if (!app.project?.plan) {
      fill(root, el('h1', null, t('planning')), el('div', { class: 'note' }, el('p', null, t(app.project?.data ? 'no_plan' : 'no_data')), el('p', null, el('a', { href: app.href(app.project?.data ? 'calculer' : 'ouvrir') }, t(app.project?.data ? 'to_compute' : 'to_open')))));
      return;
    }
    this.view = ['jour', 'semaine', 'candidat', 'interrogateur', 'commission'].includes(params.path[0]) ? params.path[0] : 'jour';
    this.path = params.path.slice(1);
    const [weeks, tray] = await Promise.all([get('plan/week'), get('plan/tray')]);
    this.week = weeks;
    if (!weeks.centres.length || !weeks.dates.length) {
      fill(root, el('h1', null, t('planning')), el('p', { class: 'note' }, t('no_plan')));
      return;
    }
    this.where = { centre: this.centre(params.centre) || this.centre(kept.centre) || this.fullest().centre, date: '' };
    this.where.date = [params.date, kept.date].find((d) => weeks.dates.includes(d)) || this.fullest(this.where.centre).date;
    this.frame();
    this.dock.tray(tray.orals);
    this.hand.attach();
    app.on('revision', (/** @type {any} */ data) => { this.reloading = this.changed(data); });
    const signal = this.abort.signal;
    addEventListener('resize', () => this.fit(), { signal });
    this.narrow.addEventListener('change', () => this.render().catch((e) => app.problem(e)), { signal });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.hand.paint(), { signal });
    document.addEventListener('keydown', (e) => {
      if (e.key === '/' && !/** @type {HTMLElement} */ (e.target).closest('input, select, textarea, dialog')) {
        e.preventDefault();
        document.getElementById('pl-search')?.focus();
      }
    }, { signal });
    await this.render(params.show);
  }

  close() {
    this.abort.abort();
    this.hand.detach();
    clearTimeout(this.telling);
  }

  /** @param {string|undefined} id @returns {string} the same, if there is such a centre */
  centre(id) {
    return id && this.week.centres.some((/** @type {any} */ c) => c.id === id) ? id : '';
  }

  /** A centre's name, with its number where two have the same. @param {any} centre */
  centreName(centre) {
    return this.week.centres.some((/** @type {any} */ c) => c.id !== centre.id && c.name === centre.name) ? `${centre.name} (${centre.id})` : centre.name;
  }

  /** The first date that has most sittings. @param {string} [centre] only of this one */
  fullest(centre) {
    let best = { centre: centre || this.week.centres[0].id, date: this.week.dates[0], n: 0 };
    for (const c of this.week.centres) {
      if (centre && c.id !== centre) continue;
      for (const d of c.days) if (d.sittings > best.n) best = { centre: c.id, date: d.date, n: d.sittings };
    }
    return best;
  }

  /** What does not change while the screen is shown. */
  frame() {
    const { app } = this;
    const search = combobox({
      id: 'pl-search', label: t('search'), placeholder: t('search_what'),
      source: async (q) => (await get(`search?q=${encodeURIComponent(q)}`)).hits,
      text: (/** @type {any} */ h) => h.name, hint: (/** @type {any} */ h) => [t(/** @type {any} */ (`is_${h.kind}`)), ['candidate', 'examiner', 'centre'].includes(h.kind) && h.id].filter(Boolean).join(' '),
      choose: (h) => this.found(h),
    });
    this.pick = el('select', { id: 'pl-centre', 'aria-label': t('centre'), onchange: (/** @type {any} */ e) => this.to({ centre: e.target.value, date: this.where.date }) },
      this.week.centres.map((/** @type {any} */ c) => el('option', { value: c.id }, this.centreName(c))));
    this.tabs = el('nav', { class: 'pl-tabs', 'aria-label': t('views') });
    this.zooms = el('div', { class: 'pl-zoom', role: 'group', 'aria-label': t('zoom') },
      button('−', () => this.zoom(1 / 1.4), { class: 'small', 'aria-label': t('zoom_out') }), button('+', () => this.zoom(1.4), { class: 'small', 'aria-label': t('zoom_in') }));
    this.broken = button('', () => brokenDialog(this), { class: 'small danger', id: 'pl-broken' });
    fill(this.root, el('h1', { class: 'unseen', id: 'pl-h1' }, t('planning')),
      el('div', { class: 'pl-bar' }, this.tabs, this.pick, search.node, el('span', { class: 'grow' }), this.broken, this.zooms,
        button(t('open_dots'), () => this.openAt(''), { class: 'small', id: 'pl-open' }),
        button(t('print'), () => print(), { class: 'small', id: 'pl-print' })),
      this.dates, this.main, this.dock.node, this.hand.tip, this.tip);
    this.bar();
    this.faults();
  }

  /** The way to the rules that the plan breaks, if it does. */
  faults() {
    const n = this.app.project.plan?.broken || 0;
    if (this.broken) {
      this.broken.hidden = n === 0;
      this.broken.textContent = t('broken_n', { n });
    }
  }

  /** What follows the place: tabs, centre, dates with their load, and prices while something is held. */
  bar() {
    const { where, app } = this;
    const centre = this.week.centres.find((/** @type {any} */ c) => c.id === where.centre);
    if (this.pick) this.pick.value = where.centre;
    const tab = (/** @type {string} */ view, /** @type {any} */ text) => el('a', { href: app.href('planning', { path: [view], ...(view === 'jour' ? where : {}) }), 'aria-current': this.view === view ? 'page' : null, onclick: (/** @type {MouseEvent} */ e) => { if (!e.ctrlKey && !e.metaKey) { e.preventDefault(); this.to(where, view); } } }, text);
    const at = `${this.view} ${where.centre} ${where.date}`;
    const moved = this.tabs.dataset.at !== at;
    if (moved) {
      this.tabs.dataset.at = at;
      const focused = this.tabs.contains(document.activeElement);
      fill(this.tabs, tab('jour', t('tab_day')), tab('semaine', t('tab_week')));
      if (focused) /** @type {HTMLElement|null} */ (this.tabs.querySelector('[aria-current]'))?.focus();
    }
    const list = /** @type {HTMLElement[]} */ ([...this.dates.querySelectorAll('button')]);
    if (list.length !== centre.days.length || list[0].dataset.centre !== centre.id) {
      const focused = document.activeElement?.id;
      fill(this.dates, el('ol', null, centre.days.map((/** @type {any} */ d) => el('li', null, el('button', {
        type: 'button', id: `pl-date-${d.date}`, class: 'pl-cell pl-date', dataset: { centre: centre.id, date: d.date }, onclick: () => this.to({ centre: this.where.centre, date: d.date }, 'jour'),
      }, el('span', { class: 'pl-day' }, dateShort(d.date)), el('span', { class: 'pl-best' }), el('span', { class: 'pl-load' }))))));
      list.splice(0, list.length, ...this.dates.querySelectorAll('button'));
      if (focused?.startsWith('pl-date')) document.getElementById(focused)?.focus();
    }
    const best = this.best();
    centre.days.forEach((/** @type {any} */ d, /** @type {number} */ i) => {
      const best_ = best.get(`${centre.id} ${d.date}`);
      const says = [date(d.date), d.open ? t('day_load', { n: d.sittings, share: number(d.load * 100) }) : t('shut'), best_ === undefined ? '' : best_ === null ? t('no_place') : t('best', { p: price(best_) })].filter(Boolean).join(', ');
      const button_ = /** @type {HTMLButtonElement} */ (list[i]);
      button_.classList.toggle('pl-dim', best_ === null);
      button_.disabled = !d.open && !d.sittings;
      button_.title = says;
      button_.setAttribute('aria-label', says);
      if (d.date === where.date && this.view === 'jour') button_.setAttribute('aria-current', 'date');
      else button_.removeAttribute('aria-current');
      button_.children[1].textContent = best_ === undefined ? number(d.sittings) : best_ === null ? '—' : signed(best_);
      /** @type {HTMLElement} */ (button_.children[2]).style.setProperty('--load', String(d.load));
    });
    if (moved && this.view === 'jour') list.find((d) => d.hasAttribute('aria-current'))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** The best price of each cell while something is held. @returns {Map<string, number|null>} */
  best() {
    return new Map((this.hand.places?.cells || []).map((/** @type {any} */ c) => [`${c.centre} ${c.date}`, c.best]));
  }

  // Going about

  /** Another centre, date or view, with what is held. @param {{centre: string, date: string}} where @param {string} [view] */
  to(where, view = 'jour') {
    const same = view === this.view && where.centre === this.where.centre && where.date === this.where.date;
    this.where = { ...where };
    if (!this.week.centres.find((/** @type {any} */ c) => c.id === where.centre)?.days.some((/** @type {any} */ d) => d.date === where.date && (d.open || d.sittings))) this.where.date = this.fullest(where.centre).date;
    this.view = view;
    this.path = [];
    if (!same) history.pushState(null, '', this.app.href('planning', { path: [view], ...(view === 'jour' ? this.where : {}) }));
    return this.render().catch((e) => this.app.problem(e));
  }

  /** The next or the former open date. @param {1|-1} by */
  step(by) {
    const days = this.week.centres.find((/** @type {any} */ c) => c.id === this.where.centre).days.filter((/** @type {any} */ d) => d.open || d.sittings);
    const next = days[days.findIndex((/** @type {any} */ d) => d.date === this.where.date) + by];
    if (!next) return say(t('no_further'));
    this.to({ centre: this.where.centre, date: next.date });
  }

  /** Something was dragged onto a date or a cell of the week. @param {Element} cell */
  overCell(cell) {
    const { centre, date: on } = /** @type {HTMLElement} */ (cell).dataset;
    if (centre && on) this.to({ centre, date: on }, 'jour');
  }

  /** @param {any} hit of the search */
  found(hit) {
    if (hit.kind === 'centre') return this.to({ centre: hit.id, date: this.fullest(hit.id).date });
    const path = { candidate: 'candidat', examiner: 'interrogateur', commission: 'commission' }[/** @type {string} */ (hit.kind)];
    if (path) this.app.go('planning', { path: [path, hit.id] });
    else if (hit.where) Promise.resolve(this.to(hit.where)).then(() => this.focus(`v:${hit.id}`));
  }

  /** @param {number} by */
  zoom(by) {
    kept.zoom = Math.min(6, Math.max(0.6, kept.zoom * by));
    this.day?.scale(kept.zoom);
    this.hand.paint();
    this.hand.spot = null;
    say(t('zoomed', { n: kept.zoom * 100 }));
  }

  // Drawing

  /** @param {string} [to] the cell to go to */
  async render(to) {
    const mine = ++this.turn;
    Object.assign(kept, this.where);
    const narrow = this.narrow.matches;
    this.bar();
    const days = this.view === 'jour';
    this.dates.hidden = !days;
    this.pick.hidden = !days;
    this.zooms.hidden = !days || narrow;
    this.root.classList.toggle('pl-fixed', days && !narrow);
    this.dock.node.hidden = !days && !this.hand.what;
    if (!days) {
      this.day = this.agenda = null;
      this.hand.ghost.hidden = this.hand.tip.hidden = true;
      if (this.view === 'semaine') {
        week(this);
        this.titled(t('tab_week'));
      } else {
        const kind = { candidat: 'candidate', interrogateur: 'examiner', commission: 'commission' }[this.view];
        const data = await get(`plan/${kind}/${encodeURIComponent(this.path[0] || '')}`);
        if (mine !== this.turn) return;
        person(this, data);
        this.titled(data.name);
      }
      return;
    }
    const data = await get(`plan/day?centre=${encodeURIComponent(this.where.centre)}&date=${this.where.date}`);
    if (mine !== this.turn) return;
    const name = `${data.name}, ${date(data.date)}`;
    this.titled(name);
    if (narrow) {
      this.day = null;
      this.agenda = this.agenda || new Agenda(this);
      if (!this.main.contains(this.agenda.node)) fill(this.main, this.agenda.node);
      this.agenda.draw(data);
      if (this.hand.what) this.hand.release();
    } else {
      this.agenda = null;
      if (!this.day) {
        this.day = new Day(this.hooks());
        fill(this.main, this.day.node);
      }
      this.fit();
      const there = this.day.data;
      const same = there?.centre === data.centre && there.date === data.date;
      if (!same) this.day.zoom = kept.zoom;
      this.day.draw(data);
      this.day.called(name);
      if (!same) {
        this.day.node.scrollTop = 0;
        if (this.hand.what) {
          this.hand.spot = null;
          this.hand.ghost.hidden = this.hand.tip.hidden = true;
          this.hand.paint();
          this.hand.ask();
        } else this.hand.paint();
      }
    }
    if (to) this.focus(to);
  }

  /** @param {string} name */
  titled(name) {
    const head = document.getElementById('pl-h1');
    if (head) head.textContent = `${t('planning')} – ${name}`;
  }

  /** The day fills what the window leaves. */
  fit() {
    const top = this.root.getBoundingClientRect().top + scrollY;
    this.root.style.setProperty('--pl-top', `${top}px`);
    if (!this.day?.data) return;
    this.day.scale(kept.zoom);
    this.hand.paint();
  }

  /** @returns {import('./day.js').Hooks} */
  hooks() {
    return {
      enter: (name) => {
        const [id, seat] = name.slice(2).split('/');
        if (name.startsWith('m:')) memberDialog(this, id, seat);
        else sessionDialog(this, this.session(id));
      },
      pick: (sitting) => sitting && this.hand.pick({ sitting: { candidate: sitting.candidate, exam: sitting.exam } }, { keys: true, back: sittingKey(sitting) }),
      open: (room) => this.openAt(room),
      pin: (sitting) => this.pin(sitting),
      unplace: (sitting) => this.unplace(sitting),
      tell: (cell, sitting) => this.tell(cell, sitting),
    };
  }

  /** @param {string} id @returns {any} a session of the day that is shown */
  session(id) {
    const data = this.day?.data || this.agenda?.data;
    return data?.sessions.find((/** @type {any} */ s) => s.id === id);
  }

  /** Tells beside a sitting or a seat what it is, when nothing is held. @param {HTMLElement|null} cell @param {any} sitting */
  tell(cell, sitting) {
    clearTimeout(this.telling);
    if (!cell || this.hand.what) {
      this.tip.hidden = true;
      return;
    }
    this.telling = setTimeout(() => {
      if (!cell.isConnected || this.hand.what) return;
      fill(this.tip, sitting ? [el('b', null, sitting.name), el('div', null, `${code(sitting.exam)} – ${sitting.label}`), el('div', null, between(sitting.start, sitting.end), ', ', sitting.room),
        sitting.preparation_start < sitting.start && el('div', null, t('prepares', { room: sitting.preparation_room || '', hours: between(sitting.preparation_start, sitting.start) })),
        sitting.accommodated && el('div', null, t('accommodated')), pinned(sitting) && el('div', null, t('pinned')), sitting.broken.map((/** @type {string} */ b) => el('div', { class: 'bad' }, b))]
        : cell.getAttribute('aria-label') || cell.textContent);
      this.tip.hidden = false;
      const box = cell.getBoundingClientRect();
      const own = this.tip.getBoundingClientRect();
      this.tip.style.setProperty('left', `${Math.max(4, Math.min(box.left, innerWidth - own.width - 8))}px`);
      this.tip.style.setProperty('top', `${box.bottom + 6 + own.height > innerHeight ? box.top - own.height - 6 : box.bottom + 6}px`);
    }, 180);
  }

  /** Places came for what is held. */
  holding() {
    this.tip.hidden = true;
    clearTimeout(this.telling);
    this.dock.node.hidden = false;
    this.bar();
    if (this.view === 'semaine') week(this);
  }

  /** Nothing is held any more. */
  released() {
    this.bar();
    this.dock.node.hidden = this.view !== 'jour';
    if (this.view === 'semaine') week(this);
  }

  /** The held candidate's day, in the line of the hours. */
  strip() {
    const { day } = this;
    if (!day) return;
    day.node.querySelector('.pl-strip')?.remove();
    const days = this.hand.places?.candidate;
    if (days) day.space.append(strip(day, days[this.where.date] || [], t('whole_day')));
  }

  /** @param {string} name */
  focus(name) {
    if (this.day?.focus(name) || this.agenda?.focus(name)) return;
    /** @type {HTMLElement|null} */ (document.querySelector(`[data-key="${CSS.escape(name)}"]`) || this.day?.grid.querySelector('[tabindex="0"]'))?.focus();
  }

  // Changes

  /** The project changed. @param {any} data the event */
  async changed(data) {
    const { touched } = data;
    // The answer to the own action comes too, and shows the same.
    if (!data.own && this.acting) return;
    // Their button would undo something else by now.
    for (const old of document.querySelectorAll('#toasts .pl-done')) old.closest('.toast')?.remove();
    try {
      if (!this.app.project?.plan) return this.app.go('planning');
      const here = !touched?.cells || touched.all || touched.cells.some((/** @type {any} */ c) => c.centre === this.where.centre && c.date === this.where.date);
      const shown = this.view !== 'jour' || here ? this.render() : Promise.resolve();
      const [weeks, tray] = await Promise.all([get('plan/week'), get('plan/tray'), shown]);
      this.week = weeks;
      this.bar();
      if (this.view === 'semaine') week(this);
      this.dock.tray(tray.orals);
      if (this.hand.what && !this.acting) this.hand.ask();
      this.faults();
    } catch (error) {
      this.app.problem(error);
    }
  }

  /**
   * Does one thing; what is held is let go if it could be done.
   * @param {any} json for `/api/actions`; a function makes it when its turn has come
   * @param {{focus?: string, refused?: (problem: Problem) => void, keep?: boolean}} [how] `focus`: the cell to go to then
   * @returns {Promise<any>} the answer, null if it was refused
   */
  act(json, how = {}) {
    // One after the other: each stands on the revision that the former made.
    this.acting++;
    this.last = this.last.then(() => this.does(json, how));
    return this.last;
  }

  /** @param {any} json @param {any} how */
  async does(json, how) {
    try {
      const answer = await this.app.change('POST', 'actions', typeof json === 'function' ? json() : json, { quiet: true });
      if (!answer) return null;
      if (!how.keep && this.hand.what) {
        this.hand.forget();
        this.released();
      }
      await this.reloading;
      if (how.focus) this.focus(how.focus);
      toast(el('span', { class: 'pl-done' }, answer.what, hasPrice(answer.delta) && el('b', null, ` (${price(answer.delta)})`)), { action: { label: t('undo'), run: () => this.app.undo() } });
      return answer;
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 409) this.app.problem(error);
      else if (how.refused) how.refused(error);
      else toast(refusal(this, error), { bad: true });
      return null;
    } finally {
      this.acting--;
      if (this.hand.what && how.keep) this.hand.ask();
    }
  }

  /**
   * Puts something somewhere.
   * @param {any} what @param {{centre: string, date: string, room: string, start: number}} to
   * @param {any} now where it is, where that is known @param {(problem: Problem) => void} [refused]
   */
  async put(what, to, now, refused) {
    const elsewhere = to.centre !== this.where.centre || to.date !== this.where.date;
    let json = /** @type {any} */ ({ kind: 'place', ...what.sitting, ...to });
    if ('session' in what) {
      const from = now || (await post('hold', { held: what, centre: to.centre, date: to.date })).now;
      json = { kind: 'move_session', session: what.session, room: to.room, date: to.date, shift: to.start - from.start, ...(from.centre === to.centre ? {} : { centre: to.centre }) };
    }
    const done = await this.act(json, { focus: elsewhere ? undefined : key(what), refused });
    if (done && elsewhere && this.view === 'jour') {
      await this.to({ centre: to.centre, date: to.date });
      this.focus(key(what));
    }
    return done;
  }

  /** @param {{candidate: string, exam: string}} sitting */
  pin(sitting) {
    const { candidate, exam } = sitting;
    return this.act(() => (pinned(this.sittingOf(sitting)) ? { kind: 'unpin', candidate, exam } : { kind: 'pin', candidate, exam, fields: ['date', 'start', 'centre', 'room'] }), { keep: true });
  }

  /** @param {{candidate: string, exam: string}} sitting @returns {any} as the day shows it */
  sittingOf(sitting) {
    return (this.day || this.agenda)?.sittings.get(sittingKey(sitting));
  }

  /** @param {{candidate: string, exam: string}} sitting */
  unplace(sitting) {
    return this.act({ kind: 'unplace', candidate: sitting.candidate, exam: sitting.exam }, { focus: `t:${sitting.candidate}/${sitting.exam}` });
  }

  // Dialogs

  /** @param {any} what */
  placesDialog(what) { return placesDialog(this, what); }
  /** @param {any} of */
  repair(of) { return repairDialog(this, of); }
  /** @param {string} room */
  openAt(room) { return openDialog(this, room, this.week.kinds); }
  /** @param {any} sitting */
  sittingDialog(sitting) { return sittingDialog(this, sitting); }
  /** @param {any} session */
  sessionDialog(session) { return sessionDialog(this, session); }
  /** @param {string} session @param {string} seat */
  memberDialog(session, seat) { return memberDialog(this, session, seat); }
}
