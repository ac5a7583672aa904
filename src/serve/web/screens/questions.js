// What an import asks (which column is the school?), answered by a click.

import { button, el, t } from '../ui.js';

/** So many are shown at once without being asked for. */
const OPEN = 3;

/**
 * @param {any} app
 * @param {any[]} all the questions
 * @param {(report: any) => Promise<void>} answered with what the import says then
 */
export function questions(app, all, answered) {
  if (!all?.length) return null;
  const each = all.map((q) => el('fieldset', { class: 'note warn question' }, el('legend', null, q.question),
    q.samples?.length > 0 && el('p', { class: 'soft' }, t('open_samples'), ' ', q.samples.slice(0, 6).map((/** @type {string} */ s) => [el('code', null, s), ' '])),
    el('div', { class: 'row' }, q.answers.map((/** @type {any} */ a) => button(a.label, async () => {
      const done = await app.change('POST', 'answers', { question: q.id, answer: a.id });
      if (!done) return;
      await answered(done);
      // On to the next one, without a way through the page.
      const next = document.querySelector('.question button, .report a.button');
      if (next instanceof HTMLElement) next.focus();
    })))));
  return el('section', { class: 'questions' }, el('h2', null, t('open_questions', { n: all.length })), each.slice(0, OPEN),
    each.length > OPEN && el('details', null, el('summary', null, t('open_questions_more', { n: each.length - OPEN })), each.slice(OPEN)));
}
