// What all screens build pages with. Nothing here makes elements from text (Trusted Types): only `el`.

import fr from './text/fr.js';
import en from './text/en.js';

/** @typedef {Node|string|number|null|undefined|false|any[]} Child what `el` takes; lists within lists too */

let lang = /** @type {'fr'|'en'} */ ('fr');

/** The language of the page. @returns {'fr'|'en'} */
export const language = () => lang;

/** @param {'fr'|'en'} to */
export function setLanguage(to) {
  lang = to;
  document.documentElement.lang = to;
}

const SVG = new Set(['svg', 'g', 'path', 'line', 'rect', 'circle', 'polyline', 'polygon', 'text', 'title', 'desc', 'defs', 'pattern', 'tspan']);

/**
 * An element. `class`, `dataset`, `style` (an object, set by property: the page allows no inline style), `on…`
 * handlers; `true` makes a bare attribute, `false`, null and undefined none; all others are attributes. SVG elements by `s:` before the name.
 * @param {string} tag such as `div`, or `s:path`
 * @param {Record<string, any>|null} [attrs]
 * @param {...(Child|Child[])} children
 * @returns {any}
 */
export function el(tag, attrs, ...children) {
  const svg = tag.startsWith('s:');
  const node = svg ? document.createElementNS('http://www.w3.org/2000/svg', tag.slice(2)) : document.createElement(tag);
  for (const [name, value] of Object.entries(attrs || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') node.setAttribute('class', value);
    else if (name === 'dataset') Object.assign(/** @type {any} */ (node).dataset, value);
    else if (name === 'style') {
      for (const [k, v] of Object.entries(value)) /** @type {any} */ (node).style.setProperty(k, String(v));
    } else if (name.startsWith('on') && typeof value === 'function') node.addEventListener(name.slice(2).toLowerCase(), value);
    else if (name === 'value' || name === 'checked' || name === 'selected') /** @type {any} */ (node)[name] = value;
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  put(node, ...children);
  return node;
}

/** Adds children. @param {Node} node @param {...(Child|Child[])} children */
function put(node, ...children) {
  for (const child of children.flat(4)) {
    if (child === null || child === undefined || child === false) continue;
    node.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Replaces what a node holds. @param {Element} node @param {...(Child|Child[])} children */
export function fill(node, ...children) {
  node.replaceChildren();
  put(node, ...children);
}

// Texts

/**
 * A translator of a pair of tables. Texts hold `{name}`; `one|several` is chosen by `n` (French counts zero with one).
 * @template {Record<string, string>} T
 * @param {T} french
 * @param {Record<keyof T, string>} english
 * @returns {(key: keyof T, values?: Record<string, any>) => string}
 */
export function translator(french, english) {
  // A French line never breaks before these signs.
  const bound = /** @type {T} */ (Object.fromEntries(Object.entries(french).map(([k, v]) => [k, v.replace(/ ([:;?!»%])/g, '\u00a0$1').replace(/« /g, '«\u00a0')])));
  return (key, values = {}) => {
    let text = (lang === 'fr' ? bound : english)[key];
    if (text === undefined) return String(key);
    if (text.includes('|') && values.n !== undefined) {
      const [one, several] = text.split('|');
      const n = Number(values.n);
      text = (lang === 'fr' ? Math.abs(n) < 2 : n === 1) ? one : several;
    }
    return text.replace(/\{(\w+)\}/g, (all, name) => {
      const value = values[name];
      if (value === undefined) return all;
      return typeof value === 'number' ? number(value) : String(value);
    });
  };
}

/** The texts of the shell and of all screens but Planning. */
export const t = translator(fr, en);

/** Thousands by U+202F. @param {number} value @param {number} [digits] after the point */
export function number(value, digits = 0) {
  const [whole, rest] = Math.abs(value).toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '\u202f');
  const sign = value < 0 && Number(Math.abs(value).toFixed(digits)) !== 0 ? '−' : '';
  return sign + grouped + (rest ? (lang === 'fr' ? ',' : '.') + rest : '');
}

/** With its sign: `+3 420`, `−12`, `0`. @param {number} value */
export const signed = (value) => (value > 0 ? '+' : '') + number(value);

/** `12,4 %` of a share from 0 to 1. @param {number} share @param {number} [digits] */
export const percent = (share, digits = 0) => number(share * 100, digits) + (lang === 'fr' ? '\u202f%' : '%');

/** `8 h 30` on one line, `08:30` in English. @param {number} minutes since midnight */
export function hour(minutes) {
  const h = Math.floor(minutes / 60);
  const m = String(minutes % 60).padStart(2, '0');
  return lang === 'fr' ? `${h}\u00a0h${m === '00' ? '' : `\u00a0${m}`}` : `${String(h).padStart(2, '0')}:${m}`;
}

/** A time that something takes: `45 s`, `3 min 20 s`, `1 h 05 min`. @param {number} seconds */
export function span(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  const m = Math.floor(s / 60);
  if (m < 60) return s % 60 ? `${m} min ${s % 60} s` : `${m} min`;
  return m % 60 ? `${Math.floor(m / 60)} h ${String(m % 60).padStart(2, '0')} min` : `${Math.floor(m / 60)} h`;
}

/** @param {string} iso @param {Intl.DateTimeFormatOptions} options */
function dated(iso, options) {
  const when = new Date(`${iso.slice(0, 10)}T12:00:00Z`);
  if (Number.isNaN(when.getTime())) return iso;
  const text = new Intl.DateTimeFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', { timeZone: 'UTC', ...options }).format(when);
  return lang === 'fr' ? text.replace(/(^|\s)1(?=\s)/, (_, before) => `${before}1er`) : text;
}

/** `mercredi 3 juin 2026`. @param {string} iso */
export const date = (iso) => dated(iso, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
/** `mer. 3 juin`. @param {string} iso */
export const dateShort = (iso) => dated(iso, { weekday: 'short', day: 'numeric', month: 'short' });

/** A moment, with its hour: `3 juin 2026 à 8 h 30`. @param {string} iso an instant */
export function moment(iso) {
  const when = new Date(iso);
  if (Number.isNaN(when.getTime())) return iso;
  const day = new Intl.DateTimeFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', { day: 'numeric', month: 'long', year: 'numeric' }).format(when);
  return t('moment', { day, hour: hour(when.getHours() * 60 + when.getMinutes()) });
}

/** With a capital at its head. @param {string} text */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// Saying things

/** Says something to a screen reader; nothing is shown. @param {string} text */
export function say(text) {
  const live = document.getElementById('live');
  if (!live) return;
  // The same sentence twice is said twice.
  live.textContent = live.textContent === text ? `${text}\u00a0` : text;
}

/**
 * A message that is shown, and read aloud. A problem stays until it is closed, a notice goes by itself.
 * @param {Child|Child[]} content
 * @param {{bad?: boolean, action?: {label: string, run: () => void}}} [options]
 */
export function toast(content, options = {}) {
  const box = document.getElementById('toasts');
  if (!box) return;
  const close = () => node.remove();
  const action = options.action;
  const node = el('div', { class: options.bad ? 'toast bad' : 'toast', role: options.bad ? 'alert' : 'status' },
    el('div', { class: 'toast-text' }, content),
    action && button(action.label, () => { close(); action.run(); }, { class: 'small' }),
    el('button', { type: 'button', class: 'plain', 'aria-label': t('close'), onclick: close }, '✕'));
  // A notice is about what was done last; those before would only hide the page.
  if (!options.bad) for (const old of box.querySelectorAll('.toast:not(.bad)')) old.remove();
  while (box.children.length > 2) box.firstElementChild?.remove();
  box.append(node);
  if (!options.bad) setTimeout(close, 8000);
}

/** What a problem says: its title, its sentence, its first faults. @param {import('./api.js').Problem} problem */
export function said(problem) {
  const faults = problem.faults.slice(0, 5);
  return el('div', null,
    el('b', null, problem.title || t('went_wrong')),
    problem.detail && problem.detail !== problem.title && el('p', null, problem.detail),
    faults.length > 0 && el('ul', null, faults.map((f) => el('li', null, [f.file, f.place].filter(Boolean).join(', '), f.file || f.place ? ' – ' : '', f.message))),
    problem.faults.length > 5 && el('p', null, t('and_more', { n: problem.faults.length - 5 })));
}

// Pieces

/** @param {Child|Child[]} label @param {(event: any) => void} run @param {Record<string, any>} [attrs] */
export const button = (label, run, attrs = {}) => el('button', { type: 'button', onclick: run, ...attrs }, label);

/** A label above its field. @param {string} label @param {any} field with an id @param {Child} [help] */
export function labelled(label, field, help) {
  if (help) field.setAttribute('aria-describedby', `${field.id}-help`);
  return el('div', { class: 'field' }, el('label', { for: field.id }, label), field,
    help && el('small', { class: 'soft', id: `${field.id}-help` }, help));
}

/**
 * @template R
 * @typedef {object} Column
 * @property {string} title
 * @property {(row: R) => Child|Child[]} cell
 * @property {boolean} [number] to the right
 * @property {boolean} [head] the row's heading
 * @property {boolean} [wide] not where there is little room
 */

/**
 * A plain table with a caption, in a box that scrolls by itself where it is too wide.
 * @template R
 * @param {{caption: string, columns: Column<R>[], rows: R[], hidden?: boolean, className?: string, row?: (row: R) => Record<string, any>}} of `hidden`: the caption is for screen readers
 */
export function table(of) {
  const kind = (/** @type {Column<R>} */ c) => [c.number && 'n', c.wide && 'wide-only'].filter(Boolean).join(' ') || null;
  const node = el('table', { class: of.className },
    el('caption', { class: of.hidden ? 'unseen' : null }, of.caption),
    el('thead', null, el('tr', null, of.columns.map((c) => el('th', { scope: 'col', class: kind(c) }, c.title)))),
    el('tbody', null, of.rows.map((row) => el('tr', of.row ? of.row(row) : null,
      of.columns.map((c) => el(c.head ? 'th' : 'td', { scope: c.head ? 'row' : null, class: kind(c) }, c.cell(row)))))));
  return scroller(of.caption, node);
}

/** A box that scrolls, by keyboard too while it is too wide. @param {string} label @param {any} content */
export function scroller(label, content) {
  const box = el('div', { class: 'scroll', role: 'group', 'aria-label': label, tabindex: 0 }, content);
  return box;
}

/**
 * A modal dialog (the browser's own: focus stays in it, Escape closes it, focus goes back to where it was).
 * @param {{title: string, content: Child|Child[], actions?: {label: string, primary?: boolean, danger?: boolean, run?: () => (boolean|void|Promise<boolean|void>)}[], wide?: boolean, closeLabel?: string}} of
 *   an action's `run` that answers false leaves the dialog open
 * @returns {{node: HTMLDialogElement, close: () => void, closed: Promise<void>}}
 */
export function dialog(of) {
  const id = `dialog-${Math.random().toString(36).slice(2)}`;
  const back = /** @type {HTMLElement|null} */ (document.activeElement);
  const node = /** @type {HTMLDialogElement} */ (el('dialog', { class: of.wide ? 'wide' : null, 'aria-labelledby': id }));
  const close = () => node.close();
  put(node,
    el('div', { class: 'dialog-head' }, el('h2', { id }, of.title),
      el('button', { type: 'button', class: 'plain', 'aria-label': t('close'), onclick: close }, '✕')),
    el('div', { class: 'dialog-body' }, of.content),
    el('div', { class: 'dialog-foot' },
      button(of.closeLabel || (of.actions ? t('cancel') : t('close')), close),
      (of.actions || []).map((a) => button(a.label, async () => {
        if ((await a.run?.()) !== false) close();
      }, { class: a.danger ? 'danger' : a.primary ? 'primary' : null }))));
  /** @type {Promise<void>} */
  const closed = new Promise((done) => node.addEventListener('close', () => {
    node.remove();
    if (back?.isConnected) back.focus();
    done();
  }));
  document.body.append(node);
  node.showModal();
  return { node, close, closed };
}

/**
 * A field that proposes what it finds (ARIA combobox with a list).
 * @template I
 * @param {{id: string, label: string, placeholder?: string, source: (query: string) => Promise<I[]>|I[], text: (item: I) => string, hint?: (item: I) => string, choose: (item: I) => void, keep?: boolean}} of
 *   `keep`: the chosen text stays in the field
 * @returns {{node: HTMLElement, input: HTMLInputElement}}
 */
export function combobox(of) {
  const list = el('ul', { id: `${of.id}-list`, role: 'listbox', class: 'options', 'aria-label': of.label, hidden: true });
  const input = el('input', { id: of.id, type: 'search', role: 'combobox', autocomplete: 'off', spellcheck: 'false', 'aria-label': of.label, 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': `${of.id}-list`, placeholder: of.placeholder || of.label });
  /** @type {I[]} */ let items = [];
  let at = -1;
  let asked = 0;
  const shut = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  /** @param {number} to */
  const mark = (to) => {
    at = to;
    [...list.children].forEach((li, i) => li.setAttribute('aria-selected', String(i === at)));
    const li = /** @type {HTMLElement|undefined} */ (list.children[at]);
    if (li) {
      input.setAttribute('aria-activedescendant', li.id);
      li.scrollIntoView({ block: 'nearest' });
    } else input.removeAttribute('aria-activedescendant');
  };
  /** @param {number} i */
  const take = (i) => {
    const item = items[i];
    if (item === undefined) return;
    input.value = of.keep ? of.text(item) : '';
    shut();
    of.choose(item);
  };
  const look = async () => {
    const mine = ++asked;
    const query = input.value.trim();
    if (!query) return shut();
    const found = await of.source(query);
    if (mine !== asked) return;
    items = found;
    fill(list, items.length
      ? items.map((item, i) => el('li', { id: `${of.id}-${i}`, role: 'option', 'aria-selected': 'false', onpointerdown: (/** @type {Event} */ e) => { e.preventDefault(); }, onclick: () => take(i) },
        of.text(item), of.hint && el('small', { class: 'soft' }, of.hint(item))))
      : el('li', { role: 'option', 'aria-selected': 'false', 'aria-disabled': 'true', class: 'soft' }, t('nothing_found')));
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    mark(items.length ? 0 : -1);
  };
  input.addEventListener('input', look);
  input.addEventListener('blur', shut);
  input.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => {
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      if (list.hidden) look();
      else if (items.length) mark((at + (e.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length);
    } else if (e.key === 'Enter' && !list.hidden && at >= 0) {
      e.preventDefault();
      take(at);
    } else if (e.key === 'Escape' && !list.hidden) {
      e.preventDefault();
      e.stopPropagation();
      shut();
    }
  });
  return { node: el('div', { class: 'combobox' }, input, list), input };
}
