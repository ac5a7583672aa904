// The shell of the planning room: addresses, header, language, revision, undo, events.
//
// ## The interface for screens
//
// A screen is a module in the table SCREENS with
//
//     export async function show(root, app, params)   // fills `root` (empty, <section>); may throw a Problem
//     export function leave()                         // optional: before another screen, or the same anew, is shown
//
// `params` are what the address says after the screen: `#/donnees/candidates?row=12` gives
// `{path: ['candidates'], row: '12'}`. An address changed within one screen calls `leave` and `show` again, unless
// it was changed by `app.replace` (which only rewrites it).
//
// `app`:
//   project             the last answer of GET /api/project; null before it
//   revision            its revision (If-Match of `change`)
//   go(screen, params)  to another address; `href(screen, params)` is the address, for links
//   replace(params)     rewrites the address of the screen that is shown, and shows nothing anew
//   change(method, path, json, options?)  a change of the project: sends If-Match, takes the new revision, reads the
//                       project anew, says `what` aloud. Answers what the server answered, or null when it refused
//                       (the problem is shown); with {quiet: true} it throws the Problem; 412 is always shown.
//   hasData()           whether there is anything to plan
//   refresh()           reads the project anew (header, undo, figures)
//   undo(), redo()
//   problem(error)      shows an error
//   on(name, run)       events: 'revision' {revision, touched?, own}, 'job' (a Job), 'project', 'closed'; the answer
//                       stops it. What a screen registers is stopped when it is left.
//   shown               the name of the screen that is shown
//
// From ui.js: el, fill, t, translator, number, signed, hour, date, dialog, table, combobox, toast, say …
// From api.js: get, post (not changes), ask, Problem. Texts of a screen of its own: `translator(fr, en)`.
// A language chosen shows the screen anew. Ctrl+Z and Ctrl+Shift+Z (Ctrl+Y) are the shell's, except in a text field.

import * as api from './api.js';
import { button, el, fill, labelled, language, number, percent, said, say, setLanguage, t, toast } from './ui.js';

/** @typedef {{show: (root: HTMLElement, app: any, params: Params) => Promise<void>|void, leave?: () => void}} Screen */
/** @typedef {Record<string, any> & {path: string[]}} Params */

/** @type {Record<string, () => Promise<Screen>>} in the order of the work; each is read when it is first shown */
const SCREENS = {
  ouvrir: () => import('./screens/open.js'),
  donnees: () => import('./screens/data.js'),
  faisable: () => import('./screens/need.js'),
  calculer: () => import('./screens/solve.js'),
  planning: () => import('./planning/planning.js'),
  envoyer: () => import('./screens/send.js'),
  versions: () => import('./screens/versions.js'),
};

const LANGUAGE = 'oraux.language';

const app = {
  /** @type {any} */ project: null,
  revision: 0,
  shown: '',
  /** @type {Map<string, Set<(data: any) => void>>} */ listeners: new Map(),
  /** @type {(() => void)[]} */ ofScreen: [],
  /** @type {Promise<any>} */ changes: Promise.resolve(),

  /** @param {string} screen @param {Record<string, any>} [params] */
  href(screen, params = {}) {
    const { path = [], ...rest } = params;
    const given = Object.entries(rest).filter(([, v]) => v !== null && v !== undefined && v !== '');
    const query = new URLSearchParams(given.map(([k, v]) => [k, String(v)])).toString();
    return `#/${[screen, ...path].map(encodeURIComponent).join('/')}${query ? `?${query}` : ''}`;
  },

  /** @param {string} screen @param {Record<string, any>} [params] */
  go(screen, params = {}) {
    const to = app.href(screen, params);
    if (to === location.hash) route();
    else location.hash = to;
  },

  /** @param {Record<string, any>} params */
  replace(params) {
    history.replaceState(null, '', app.href(app.shown, params));
  },

  /** @param {string} name @param {(data: any) => void} run */
  on(name, run) {
    const all = app.listeners.get(name) || new Set();
    app.listeners.set(name, all.add(run));
    const off = () => { all.delete(run); };
    app.ofScreen.push(off);
    return off;
  },

  /** @param {string} name @param {any} [data] */
  emit(name, data) {
    for (const run of [...(app.listeners.get(name) || [])]) run(data);
  },

  /** Whether there is anything to plan. */
  hasData() {
    const data = app.project?.data;
    return Boolean(data && (data.candidates || data.examiners || data.centres));
  },

  async refresh() {
    app.project = await api.get('project');
    app.revision = app.project.revision || 0;
    head();
    app.emit('project', app.project);
  },

  /**
   * @param {string} method
   * @param {string} path
   * @param {any} [json]
   * @param {{quiet?: boolean, bytes?: Blob}} [options]
   */
  change(method, path, json = {}, options = {}) {
    // One after the other: each stands on the revision that the one before it made.
    const mine = app.changes.then(() => app.changed(method, path, json, options));
    app.changes = mine.catch(() => null);
    return mine;
  },

  /** @param {string} method @param {string} path @param {any} json @param {{quiet?: boolean, bytes?: Blob}} options */
  async changed(method, path, json, options) {
    try {
      const sent = options.bytes ? { bytes: options.bytes } : { json };
      const answer = await api.call(method, path, { ...sent, revision: app.project?.open ? app.revision : undefined });
      if (answer && typeof answer.revision === 'number') app.revision = answer.revision;
      await app.refresh();
      if (answer?.what) say(answer.what);
      app.emit('revision', { revision: app.revision, touched: answer?.touched, own: true });
      return answer;
    } catch (error) {
      if (error instanceof api.Problem && error.status === 412) {
        await app.refresh();
        app.emit('revision', { revision: app.revision, own: false });
      } else if (options.quiet) throw error;
      app.problem(error);
      return null;
    }
  },

  undo: () => turn('undo'),
  redo: () => turn('redo'),

  /** @param {any} error */
  problem(error) {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    if (!(error instanceof api.Problem)) {
      console.error(error);
      toast(t('went_wrong'), { bad: true });
    } else if (error.status === 401) locked();
    else if (error.status === 0) toast(t('no_answer'), { bad: true });
    else toast(said(error), { bad: true });
  },
};

/** @param {'undo'|'redo'} which */
async function turn(which) {
  const what = app.project?.[which]?.what;
  if (!what) return say(t(which === 'undo' ? 'nothing_to_undo' : 'nothing_to_redo'));
  const done = await app.change('POST', which);
  if (done) toast(t(which === 'undo' ? 'undone' : 'redone', { what }));
}

// The header

let connected = true;

function head() {
  const project = app.project;
  const open = Boolean(project?.open);
  const focused = document.activeElement?.id;
  fill(/** @type {Element} */ (document.getElementById('head')),
    el('div', { class: 'bar' },
      el('a', { class: 'brand', href: app.href(open ? 'ouvrir' : 'ouvrir') }, el('b', null, 'oraux'), open && el('span', { class: 'name', title: project.file || null }, project.name)),
      open && figures(project),
      el('div', { class: 'tools' },
        open && turner('undo', '↶', project.undo),
        open && turner('redo', '↷', project.redo),
        button(language() === 'fr' ? 'English' : 'Français', () => choose(language() === 'fr' ? 'en' : 'fr'), { id: 'language', class: 'plain', lang: language() === 'fr' ? 'en' : 'fr' }))),
    el('nav', { class: 'steps', 'aria-label': t('steps') }, el('ol', null, Object.keys(SCREENS).map((name, i) => el('li', null,
      open || name === 'ouvrir'
        ? el('a', { id: `step-${name}`, href: app.href(name), 'aria-current': app.shown === name ? 'page' : null }, el('span', { class: 'step', 'aria-hidden': 'true' }, name === 'versions' ? '' : i + 1), t(/** @type {any} */ (`screen_${name}`)), flag(name, project))
        : el('span', { class: 'off', 'aria-disabled': 'true' }, el('span', { class: 'step', 'aria-hidden': 'true' }, name === 'versions' ? '' : i + 1), t(/** @type {any} */ (`screen_${name}`))))))),
    !connected && el('p', { class: 'lost', role: 'alert' }, t('lost')));
  if (focused) document.getElementById(focused)?.focus();
  const step = document.querySelector('.steps [aria-current]');
  const steps = step?.closest('nav');
  if (step instanceof HTMLElement && steps) steps.scrollLeft = step.offsetLeft - steps.clientWidth / 3;
}

/** @param {'undo'|'redo'} which @param {string} sign @param {{what: string}|null} there */
function turner(which, sign, there) {
  const title = there ? t(which === 'undo' ? 'undo_what' : 'redo_what', { what: there.what }) : t(which === 'undo' ? 'nothing_to_undo' : 'nothing_to_redo');
  return button([el('span', { 'aria-hidden': 'true' }, sign), ' ', el('span', { class: 'wide-only' }, t(which))], () => turn(which), { id: which, class: 'plain', title, 'aria-label': title, 'aria-disabled': there ? null : 'true' });
}

/** The mark of a step that wants something. @param {string} name @param {any} project */
function flag(name, project) {
  if (!project?.open) return null;
  const faults = project.data?.faults || 0;
  if (name === 'donnees' && faults) return el('span', { class: 'flag bad' }, number(faults), el('span', { class: 'unseen' }, ` ${t('faults_n', { n: faults })}`));
  const left = project.plan?.unscheduled || 0;
  if (name === 'planning' && left) return el('span', { class: 'flag warn' }, number(left), el('span', { class: 'unseen' }, ` ${t('unplaced_n', { n: left })}`));
  const stale = project.published?.stale || 0;
  if (name === 'envoyer' && stale) return el('span', { class: 'flag warn' }, number(stale), el('span', { class: 'unseen' }, ` ${t('stale_n', { n: stale })}`));
  return null;
}

/** The plan in one line. @param {any} project */
function figures(project) {
  const plan = project.plan;
  if (!plan) return el('p', { class: 'figures soft' }, app.hasData() ? t('no_plan_yet') : t('no_data_yet'));
  return el('p', { class: 'figures' },
    plan.valid ? el('span', { class: 'good' }, t('valid')) : el('span', { class: 'bad' }, t('broken_n', { n: plan.broken })),
    el('span', null, plan.unscheduled ? t('unplaced', { n: plan.unscheduled }) : t('all_placed')),
    el('span', { class: 'soft wide-only' }, t('points', { n: plan.cost }), plan.gap !== null && plan.gap !== undefined ? ` · ${t('gap', { share: percent(plan.gap, 1) })}` : ''));
}

// Language

/** @param {'fr'|'en'} to */
async function choose(to) {
  localStorage.setItem(LANGUAGE, to);
  speak(to);
  try {
    await app.refresh();
  } catch (error) {
    app.problem(error);
  }
  await route();
  document.getElementById('language')?.focus();
}

/** @param {'fr'|'en'} to */
function speak(to) {
  setLanguage(to);
  api.speak(to);
  const skip = document.getElementById('skip');
  if (skip) skip.textContent = t('skip');
}

// Addresses

/** @type {Screen|null} */ let current = null;
let turns = 0;

function leave() {
  try {
    current?.leave?.();
  } catch (error) {
    console.error(error);
  }
  current = null;
  for (const off of app.ofScreen.splice(0)) off();
}

/** Shows the screen that the address names. */
async function route() {
  const mine = ++turns;
  const [where, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, ...path] = where.split('/').filter(Boolean).map(decodeURIComponent);
  const open = Boolean(app.project?.open);
  const start = open ? (app.project.plan ? 'planning' : 'donnees') : 'ouvrir';
  const to = name in SCREENS && (open || name === 'ouvrir') ? name : start;
  const moved = app.shown !== to;
  if (to !== name) history.replaceState(null, '', app.href(to));
  leave();
  app.shown = to;
  head();
  document.title = `${t(/** @type {any} */ (`screen_${to}`))} – ${open ? `${app.project.name} – ` : ''}oraux`;
  const root = el('section', { class: `screen ${to}` });
  const main = /** @type {HTMLElement} */ (document.getElementById('main'));
  fill(main, root);
  if (moved) {
    // What went wrong on the screen before is of no use on this one.
    document.querySelectorAll('#toasts .bad').forEach((toast) => toast.remove());
    window.scrollTo(0, 0);
    say(t(/** @type {any} */ (`screen_${to}`)));
  }
  try {
    const screen = await SCREENS[to]();
    if (mine !== turns) return;
    current = screen;
    await screen.show(root, app, { ...Object.fromEntries(new URLSearchParams(query)), path });
  } catch (error) {
    if (mine !== turns) return;
    app.problem(error);
    if (error instanceof api.Problem && error.status !== 401) root.append(el('div', { class: 'note bad' }, error.status === 0 ? t('no_answer') : said(error), button(t('again'), () => route())));
  }
}

/** Without a token, or with one that is not of this server; where the office gave a password, it opens the page too. */
function locked() {
  const password = el('input', { id: 'password', type: 'password', autocomplete: 'current-password', required: true });
  fill(/** @type {Element} */ (document.getElementById('main')), el('section', { class: 'screen' }, el('h1', null, t('locked')), el('p', null, t('locked_how')), el('p', { class: 'soft' }, t('locked_why')),
    el('form', { class: 'row end', onsubmit: async (/** @type {Event} */ e) => {
      e.preventDefault();
      try {
        api.keepToken((await api.post('login', { password: password.value })).token);
        location.reload();
      } catch (error) {
        app.problem(error);
        password.select();
      }
    } }, labelled(t('password'), password, t('password_help')), el('button', { type: 'submit' }, t('password_go')))));
}

// Keys

document.addEventListener('keydown', (e) => {
  if (!(e.ctrlKey || e.metaKey) || e.altKey || !app.project?.open) return;
  const key = e.key.toLowerCase();
  const target = /** @type {HTMLElement} */ (e.target);
  if (target.isContentEditable || target.matches('textarea, input:not([type=checkbox], [type=radio], [type=range])') || target.closest('dialog')) return;
  if (key === 'z') {
    e.preventDefault();
    turn(e.shiftKey ? 'redo' : 'undo');
  } else if (key === 'y') {
    e.preventDefault();
    turn('redo');
  }
});

// The skip link does not go through the addresses of screens.
document.getElementById('skip')?.addEventListener('click', (e) => {
  e.preventDefault();
  document.getElementById('main')?.focus();
});

// A file dropped beside its field must not replace the page.
for (const name of ['dragover', 'drop']) window.addEventListener(name, (e) => e.preventDefault());

async function listen() {
  await api.events((name, data) => {
    if (name === 'revision' || name === 'lost') {
      // A change of this page is told by its own answer.
      app.changes.then(async () => {
        if (name === 'revision' && data.revision === app.revision) return;
        await app.refresh();
        app.emit('revision', { ...data, revision: app.revision, own: false });
      }).catch(app.problem);
    } else if (name === 'closed') {
      app.emit('closed', data);
    } else app.emit(name, data);
  }, (there) => {
    const back = there && !connected;
    if (there === connected) return;
    connected = there;
    if (back) app.refresh().catch(app.problem);
    else head();
  }, new AbortController().signal);
}

async function start() {
  const chosen = localStorage.getItem(LANGUAGE) || (navigator.language.startsWith('fr') ? 'fr' : 'en');
  speak(chosen === 'en' ? 'en' : 'fr');
  api.takeToken();
  head();
  window.addEventListener('hashchange', () => {
    if (/^#\//.test(location.hash)) route();
    else if (location.hash.includes('token=')) {
      api.takeToken();
      location.reload();
    }
  });
  if (!api.hasToken()) return locked();
  try {
    await app.refresh();
  } catch (error) {
    app.problem(error);
    if (error instanceof api.Problem && error.status === 401) return;
  }
  listen();
  await route();
}

start();
