// The foot of the screen: the orals without a place, or what is held with its day, its price and its refusals.

import { button, el, fill, hour, signed } from '../ui.js';
import { between, capital, code, colour, dateShort, pinned, shortly, t, wholly } from './words.js';
import { lasting } from './day.js';

/** The foot of the screen. */
export class Dock {
  /** @param {any} screen */
  constructor(screen) {
    this.screen = screen;
    /** @type {any[]} */ this.orals = [];
    this.wanted = '';
    /** What the tray shows now; empty while something is held. */
    this.shown = '';
    this.reason = el('div', { class: 'pl-why', role: 'group', tabindex: 0, 'aria-label': t('why') });
    this.node = el('div', { class: 'pl-dock', role: 'region', 'aria-label': t('tray') });
  }

  /** Draws the orals without a place. @param {any[]} [orals] */
  tray(orals) {
    if (orals) this.orals = orals;
    if (this.screen.hand.what) return;
    const is = JSON.stringify(this.orals);
    if (is === this.shown) return;
    this.shown = is;
    const focused = this.node.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
    const back = focused?.dataset.key || focused?.id;
    this.node.setAttribute('aria-label', t('tray'));
    const list = el('ul', { class: 'pl-chips', tabindex: this.orals.length > 8 ? 0 : null, 'aria-label': t('tray') });
    const show = () => {
      const key = fold(this.wanted);
      const found = this.orals.filter((o) => !key || fold(`${o.name} ${o.exam} ${o.candidate}`).includes(key));
      fill(list, found.slice(0, 400).map((o) => el('li', null, chip(this.screen, o))), found.length === 0 && el('li', { class: 'soft' }, t('none_found')));
    };
    show();
    fill(this.node,
      el('div', { class: 'pl-dock-side' },
        el('h2', null, t('tray_n', { n: this.orals.length })),
        this.orals.length > 12 ? el('input', { type: 'search', id: 'pl-filter', placeholder: t('filter'), 'aria-label': t('filter'), value: this.wanted, oninput: (/** @type {any} */ e) => { this.wanted = e.target.value; show(); } })
          : el('p', { class: 'soft' }, t(this.orals.length ? 'tray_how' : 'tray_empty'))),
      this.orals.length ? list : el('p', { class: 'pl-help soft' }, t('help_pointer'), el('br', null), t('help_keys')));
    if (back) /** @type {HTMLElement|null} */ (this.node.querySelector(`[data-key="${CSS.escape(back)}"], #${CSS.escape(back)}`))?.focus();
  }

  /** Draws what is held. @param {import('./held.js').Held} hand */
  held(hand) {
    const { places, what } = hand;
    if (!places || !what) return;
    this.shown = '';
    const { screen } = this;
    const sitting = 'sitting' in what ? what.sitting : null;
    const there = sitting && screen.day?.sittings.get(`s:${sitting.candidate}/${sitting.exam}`);
    const now = places.now;
    this.node.setAttribute('aria-label', t('held'));
    fill(this.reason, el('p', { class: 'soft' }, t('why_how')));
    fill(this.node,
      el('div', { class: 'pl-dock-side pl-dock-held' },
        el('h2', null, places.held.label),
        el('p', null, lasting(places.held), el('span', { class: 'soft' }, ` · ${now ? t('now_at', { room: now.room, hour: hour(now.start), date: dateShort(now.date) }) : t('without_place')}`), there?.accommodated && el('span', { class: 'tag' }, t('accommodated')), pinned(there) && el('span', { class: 'tag' }, t('pinned'))),
        el('div', { class: 'pl-acts' },
          button(t('place_dots'), () => screen.placesDialog(what), { class: 'primary small', id: 'pl-place' }),
          sitting && now && button(t(pinned(there) ? 'unpin' : 'pin'), () => screen.pin(sitting), { class: 'small', id: 'pl-pin' }),
          sitting && now && button(t('take_out'), () => screen.unplace(sitting), { class: 'small' }),
          button(t('repair_dots'), () => screen.repair(sitting ? { candidate: sitting.candidate } : what), { class: 'small' }),
          sitting && el('a', { class: 'button small', href: screen.app.href('planning', { path: ['candidat', sitting.candidate] }) }, t('card')),
          button(t('leave'), () => hand.release(), { class: 'small', id: 'pl-leave' }))),
      this.reason,
      el('div', { class: 'pl-legend', role: 'group', tabindex: 0, 'aria-label': t('legend') }, ['free', 'dear', 'shut'].map((kind) => el('span', null, el('span', { class: `pl-swatch pl-${kind}`, 'aria-hidden': 'true' }), t(/** @type {any} */ (`legend_${kind}`)))),
        places.candidate && this.others(places.candidate)));
  }

  /** The held candidate's other days. @param {Record<string, any[]>} days */
  others(days) {
    const list = Object.entries(days).filter(([date]) => date !== this.screen.where.date).sort(([a], [b]) => (a < b ? -1 : 1));
    return list.length > 0 && el('div', { class: 'pl-others' }, el('b', null, t('other_days')), el('ul', null, list.map(([date, blocks]) => el('li', null, `${dateShort(date)} : ${blocks.filter((b) => b.kind !== 'preparation').map((b) => `${shortly(b)} ${hour(b.from)}`).join(', ')}`))));
  }

  /** Says why a place is so. @param {any} why the answer of `/api/why` @param {string} head */
  why(why, head) {
    const { screen } = this;
    const terms = (why.terms || []).filter((/** @type {any} */ x) => x.cost);
    fill(this.reason,
      el('p', { class: why.allowed ? null : 'bad' }, el('b', null, head)),
      !why.allowed && why.text && el('p', null, why.text),
      (why.who || []).length > 0 && el('p', null, why.who.map((/** @type {any} */ w, /** @type {number} */ i) => [i > 0 && ', ', who(screen, w)])),
      why.datum && el('p', null, datumLink(screen, why.datum)),
      ruleLines(why.rules, why.text),
      terms.length > 0 && el('ul', { class: 'pl-terms' }, terms.map((/** @type {any} */ x) => el('li', null, `${x.label}${x.units ? ` (${signed(x.units)})` : ''} : ${signed(x.cost)}`))),
      why.plan?.members?.length > 0 && el('p', { class: 'soft' }, t('would_sit', { who: why.plan.members.map((/** @type {any} */ m) => m.name || m.examiner).filter(Boolean).join(', ') }), why.plan.preparation_rooms?.length > 0 && ` ${t('would_prepare', { where: why.plan.preparation_rooms.map((/** @type {any} */ p) => p.label || p.id || p).join(', ') })}`));
  }

  /** To the first thing that can be done with what is held. */
  focus() {
    /** @type {HTMLElement|null} */ (this.node.querySelector('#pl-place'))?.focus();
  }
}

/** The way to the datum in the way of something. @param {any} screen @param {any} datum */
export const datumLink = (screen, datum) => el('a', { class: 'pl-datum', href: screen.app.href('donnees', { path: [datum.table], row: datum.row, column: datum.column, q: datum.row ? null : datum.find }) }, t('datum'));

/**
 * The rules that forbid something, each with what it says here and its source.
 * @param {any[]} rules @param {string} said the sentence that is already there
 */
export function ruleLines(rules, said) {
  const bare = (/** @type {string} */ text) => fold(text || '');
  const known = bare(said);
  /** @type {Map<string, {label: string, source: string, messages: Set<string>}>} */ const all = new Map();
  for (const r of rules || []) {
    const of = all.get(r.rule) || { label: r.label, source: r.source, messages: new Set() };
    if (r.message && bare(r.message) !== known) of.messages.add(r.message);
    all.set(r.rule, of);
  }
  // The rule's own words are not said twice.
  return [...all.values()].map((r) => el('p', { class: 'pl-rule' }, bare(r.label) === known ? '' : capital(r.label), r.source && el('span', { class: 'soft' }, bare(r.label) === known ? capital(r.source) : ` – ${r.source}`),
    r.messages.size > 0 && el('ul', null, [...r.messages].slice(0, 4).map((m) => el('li', { class: 'soft' }, capital(m))))));
}

/** A link to a person's page, or the bare name. @param {any} screen @param {any} w */
export function who(screen, w) {
  const path = { candidate: 'candidat', examiner: 'interrogateur', commission: 'commission' }[/** @type {string} */ (w.kind)];
  return path ? el('a', { href: screen.app.href('planning', { path: [path, w.id] }) }, w.name || w.id) : w.name || w.id;
}

/** An oral without a place. @param {any} screen @param {any} oral */
export function chip(screen, oral) {
  return el('button', {
    type: 'button', class: 'pl-chip', title: oral.reason, dataset: { candidate: oral.candidate, exam: oral.exam, colour: colour(oral.exam), key: `t:${oral.candidate}/${oral.exam}` },
    'aria-label': `${oral.name}, ${code(oral.exam)}. ${oral.reason || ''}`,
    onclick: (/** @type {MouseEvent} */ e) => {
      if (!screen.day) screen.placesDialog({ sitting: { candidate: oral.candidate, exam: oral.exam } });
      else if (e.detail === 0) screen.hand.pick({ sitting: { candidate: oral.candidate, exam: oral.exam } }, { keys: true, back: `t:${oral.candidate}/${oral.exam}` });
    },
  }, el('b', null, code(oral.exam)), ` ${oral.name}`);
}

/** A text as it is looked for: no accents, case or punctuation. @param {string} text */
export const fold = (text) => text.normalize('NFD').replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase().replace(/\p{M}/gu, '');

/**
 * The candidate's day in the line of the hours, below the rooms while the sitting is held.
 * @param {import('./day.js').Day} day @param {any[]} blocks @param {string} label
 */
export function strip(day, blocks, label) {
  return el('div', { class: 'pl-strip', role: 'group', 'aria-label': label },
    el('div', { class: 'pl-strip-head' }, label),
    el('ul', { class: 'pl-track' }, blocks.filter((b) => b.to > day.from && b.from < day.to).map((b) => el('li', { class: `pl-block pl-${b.kind}`, style: { '--at': Math.max(b.from, day.from), '--for': Math.min(b.to, day.to) - Math.max(b.from, day.from) }, title: `${wholly(b)}, ${between(b.from, b.to)}${b.room ? `, ${b.room}` : ''}` },
      el('span', { class: 'unseen' }, `${between(b.from, b.to)} `), shortly(b)))));
}

