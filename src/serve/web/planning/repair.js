// “Réparer autour”: the neighbourhood of a candidate or a session is solved anew as a job, shown, and then adopted or not.

import { del, get, post, Problem } from '../api.js';
import { button, el, fill, labelled, number } from '../ui.js';
import { calm, refusal, status } from './dialogs.js';
import { who } from './dock.js';
import { hasPrice, price, t } from './words.js';

/** @param {any} screen @param {{candidate: string}|{session: string}} around */
export function repairDialog(screen, around) {
  const { app } = screen;
  const seconds = el('input', { id: 'pl-seconds', type: 'number', min: 1, max: 600, value: '10' });
  const told = el('input', { id: 'pl-told', type: 'number', min: 0, max: 500, value: '6' });
  const said = status();
  const body = el('div', null);
  const foot = el('div', { class: 'pl-acts' });
  /** @type {any} */ let job = null;
  let over = false;
  const off = app.on('job', (/** @type {any} */ j) => { if (job && j.id === job.id) show(j); });
  const shown = calm({ title: t('repair'), content: [said, body, foot], wide: true, closeLabel: t('close') });
  shown.closed.then(() => {
    off();
    over = true;
    if (job?.state === 'running') del(`jobs/${encodeURIComponent(job.id)}`).catch(() => {});
  });

  const start = async () => {
    if (!seconds.reportValidity() || !told.reportValidity()) return;
    fill(said);
    try {
      job = await post('jobs', { kind: 'repair', ...around, seconds: seconds.valueAsNumber, told: told.valueAsNumber });
      show(job);
      poll();
    } catch (error) {
      if (error instanceof Problem && error.status) fill(said, refusal(screen, error));
      else app.problem(error);
    }
  };
  // The events tell of it; asking too costs little and does without them.
  const poll = async () => {
    while (!over && job?.state === 'running') {
      await new Promise((done) => setTimeout(done, 700));
      if (over || job.state !== 'running') return;
      try {
        const next = await get(`jobs/${encodeURIComponent(job.id)}`);
        if (job.state === 'running') show(next);
      } catch {
        return;
      }
    }
  };
  const form = () => {
    fill(body, el('p', null, t('repair_how')), el('div', { class: 'row end' }, labelled(t('repair_told'), told), labelled(t('repair_seconds'), seconds)));
    fill(foot, button(t('repair_start'), start, { class: 'primary', id: 'pl-repair' }));
  };
  const show = (/** @type {any} */ j) => {
    const before = job;
    job = j;
    if (over) return;
    if (j.state === 'running') {
      const share = j.progress?.share || 0;
      fill(body, el('p', { class: 'wait' }, t('repairing')), el('progress', { max: 1, value: share, 'aria-label': t('repairing') }));
      if (before?.state !== 'running' || !foot.firstChild || before === j) fill(foot, button(t('stop'), () => del(`jobs/${encodeURIComponent(j.id)}`).then((next) => next && show(next), (e) => app.problem(e))));
      return;
    }
    if (!j.result) {
      fill(body, el('p', { class: 'note bad' }, j.error || t(j.state === 'stopped' ? 'repair_stopped' : 'repair_failed')));
      fill(foot, button(t('repair_again'), form));
      return;
    }
    const { delta, told: people = [], message } = j.result;
    fill(said, t('repair_found', { n: people.length }));
    fill(body, message && el('p', { class: 'note warn' }, message), el('p', null, el('b', null, hasPrice(delta) ? price(delta) : t('same_price'))),
      people.length === 0 ? el('p', { class: 'note' }, t(delta ? 'repair_nobody' : 'repair_nothing'))
        : el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('told_list') }, el('table', null, el('caption', null, t('told_n', { n: people.length })),
          el('thead', null, el('tr', null, ['person', 'before', 'after'].map((k) => el('th', { scope: 'col' }, t(/** @type {any} */ (k)))))),
          el('tbody', null, people.map((/** @type {any} */ p) => el('tr', null, el('th', { scope: 'row' }, who(screen, p.who || p)), el('td', null, sentence(p.before)), el('td', null, sentence(p.after))))))));
    fill(foot, (people.length > 0 || delta !== 0) && button(t('adopt'), adopt, { class: 'primary', id: 'pl-adopt' }), button(t('repair_again'), form));
  };
  const adopt = async () => {
    const done = await app.change('POST', 'adopt', { job: job.id });
    if (done) shown.close();
  };
  form();
}

/** @param {any} text a sentence, several, or nothing */
const sentence = (text) => (Array.isArray(text) ? text.map((line) => el('div', null, line)) : typeof text === 'number' ? number(text) : text || '—');
