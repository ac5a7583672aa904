// What an import asks (which column is the school?), answered by a click.

import { button, el, t } from '../ui.js';

/**
 * @param {any} app
 * @param {any[]} all the questions
 * @param {(report: any) => void} answered with what the import says then
 */
export function questions(app, all, answered) {
  if (!all?.length) return null;
  return el('section', { class: 'questions' }, el('h2', null, t('open_questions', { n: all.length })),
    all.map((q) => el('fieldset', { class: 'note warn question' }, el('legend', null, q.question),
      q.samples?.length > 0 && el('p', { class: 'soft' }, t('open_samples'), ' ', q.samples.slice(0, 6).map((/** @type {string} */ s) => [el('code', null, s), ' '])),
      el('div', { class: 'row' }, q.answers.map((/** @type {any} */ a) => button(a.label, async () => {
        const done = await app.change('POST', 'answers', { question: q.id, answer: a.id });
        if (done) answered(done);
      }))))));
}
