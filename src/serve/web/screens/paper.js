// A paper as the page shows and prints it: what the server says stands on it, set plainly.

import { post } from '../api.js';
import { button, capital, dialog, el, fill, say, t } from '../ui.js';

/** @param {any} block @returns {any} */
function put(block) {
  const label = block.label ? capital(block.label) : '';
  if (block.kind === 'file') return el('pre', null, block.text);
  if (block.kind === 'line') return el('p', null, label && el('span', { class: 'soft' }, `${label} : `), block.text);
  if (block.kind === 'list') return [label && el('h3', null, label), el('ul', null, block.items.map((/** @type {string} */ i) => el('li', null, i)))];
  if (block.kind === 'part') return el('section', null, label && el('h3', null, label), block.blocks.map(put));
  const named = block.head.some(Boolean);
  return [label && el('h3', null, label), el('table', null,
    named && el('thead', null, el('tr', null, block.head.map((/** @type {string} */ h) => (h ? el('th', { scope: 'col' }, h) : el('td', null))))),
    el('tbody', null, block.rows.map((/** @type {string[]} */ r) => el('tr', null, r.map((c) => el('td', null, c))))))];
}

/** @param {any} page */
const paper = (page) => el('article', { class: 'paper' }, el('h2', null, page.title), page.blocks.map(put));

/** Sends pages to the browser's printer, and nothing else of the page. @param {any[]} pages */
function print(pages) {
  document.querySelector('.papers')?.remove();
  const all = el('div', { class: 'papers' }, pages.map(paper));
  document.body.append(all);
  document.body.classList.add('printing');
  window.addEventListener('afterprint', () => {
    all.remove();
    document.body.classList.remove('printing');
  }, { once: true });
  window.print();
}

/**
 * Shows the first page of a kind of document, and prints it or all.
 * @param {any} app @param {any} kind @param {string} language of the document
 */
export async function show(app, kind, language) {
  try {
    const seen = await post('preview', { kind: kind.kind, language });
    const state = el('p', { role: 'status', class: 'soft' }, seen.count > 1 && kind.paper ? t('send_pages', { n: seen.count }) : '');
    const all = async () => {
      fill(state, t('send_printing'));
      try {
        const every = seen.count > 1 ? (await post('preview', { kind: kind.kind, language, all: true })).pages : seen.pages;
        print(every);
      } catch (error) {
        app.problem(error);
      }
      fill(state);
    };
    const title = seen.title && seen.title !== kind.kind ? `${capital(kind.label)} – ${seen.title}` : capital(kind.label);
    dialog({ title, wide: true, content: [state, kind.paper && el('p', null, button(t('send_print_all', { n: seen.count }), all, { id: 'print-all' })),
      el('div', { class: 'sheet', tabindex: 0, role: 'region', lang: language, 'aria-label': kind.label }, paper(seen.pages[0]))] });
    say(title);
  } catch (error) {
    app.problem(error);
  }
}
