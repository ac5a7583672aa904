// Jobs: what takes a while, made beside the page. Followed by events, and asked for when an event is missed.

import { del, get, post } from '../api.js';
import { button, el, fill, span, t } from '../ui.js';

/**
 * @typedef {object} Job
 * @property {string} id
 * @property {string} kind
 * @property {'running'|'done'|'failed'|'stopped'} state
 * @property {string} command
 * @property {number} seconds
 * @property {{seconds: number, cost: number|null, bound: number|null, stage: string|null, share: number|null}} progress
 * @property {[number, number|null, number|null][]} curve
 * @property {any} result
 * @property {any} error
 */

/** The latest job of a kind: the first in the server's list. @param {string} kind @returns {Promise<Job|null>} */
export async function latest(kind) {
  const { jobs } = await get('jobs');
  return jobs.find((/** @type {Job} */ j) => j.kind === kind) || null;
}

/** Starts a job; null when it was refused. @param {any} app @param {any} what @returns {Promise<Job|null>} */
export async function startJob(app, what) {
  try {
    return await post('jobs', what);
  } catch (error) {
    app.problem(error);
    return null;
  }
}

/** @param {any} app @param {Job} job */
export async function stopJob(app, job) {
  try {
    return await del(`jobs/${job.id}`);
  } catch (error) {
    app.problem(error);
    return null;
  }
}

/** What the screen follows now. */
let following = () => {};

/**
 * Calls `draw` with each state of the job, until it has ended, the screen is left or another job is followed.
 * @param {any} app
 * @param {Job} job
 * @param {(job: Job) => void} draw
 */
export function follow(app, job, draw) {
  // Two that draw the same would take the focus from one another.
  following();
  let seen = Date.now();
  let over = false;
  const got = (/** @type {Job} */ now) => {
    if (over || now.id !== job.id) return;
    seen = Date.now();
    if (now.state !== 'running') stop();
    draw(now);
  };
  const off = app.on('job', got);
  // An event may be lost with the connection.
  const timer = window.setInterval(async () => {
    if (Date.now() - seen < 2500) return;
    try {
      got(await get(`jobs/${job.id}`));
    } catch {
      // The header says that the server is away.
    }
  }, 1000);
  const stop = () => {
    over = true;
    off();
    clearInterval(timer);
  };
  app.ofScreen.push(stop);
  following = stop;
  draw(job);
  if (job.state !== 'running') stop();
  return stop;
}

const STAGES = new Set(['search', 'bound', 'scarcity', 'verdict', 'remedies', 'documents']);

/** How far a job is, with a button that stops it. */
export class Progress {
  /** @param {any} app @param {string} label @param {string} stop what stopping is called @param {HTMLButtonElement} go the button that begins a job */
  constructor(app, label, stop, go) {
    this.go = go;
    this.bar = el('progress', { max: 1, value: 0, 'aria-label': label });
    this.text = el('span', { class: 'soft' });
    /** @type {Job|null} */ this.job = null;
    this.stop = button(stop, async () => {
      const now = this.job && await stopJob(app, this.job);
      if (now?.state) app.emit('job', now);
    });
    this.node = el('div', { class: 'row progress' }, this.bar, this.text, this.stop);
    this.node.hidden = true;
    /** Whether the button that stops was focused when it went away. */
    this.left = false;
  }

  /** @param {Job} job */
  draw(job) {
    this.job = job;
    const running = job.state === 'running';
    // Neither a button that is off nor one that is hidden keeps the focus.
    const [began, stopped] = [document.activeElement === this.go, document.activeElement === this.stop];
    this.node.hidden = !running;
    this.go.disabled = running;
    if (running && began) this.stop.focus();
    this.left = !running && stopped;
    const { share, seconds, stage } = job.progress || {};
    if (share === null || share === undefined) this.bar.removeAttribute('value');
    else this.bar.value = share;
    // The engine's own word for what it does is no word for a reader.
    const doing = stage && STAGES.has(stage) ? t(/** @type {any} */ (`stage_${stage}`)) : '';
    fill(this.text, [doing, job.seconds ? t('job_of', { now: span(seconds || 0), all: span(job.seconds) }) : span(seconds || 0)].filter(Boolean).join(' – '));
  }
}

/** Where the focus goes when the button that it was on went away. @param {Progress} progress @param {HTMLElement} box what came of the job */
export function refocus(progress, box) {
  if (progress.left) /** @type {HTMLElement} */ (box.querySelector('button, a') || progress.go).focus();
  progress.left = false;
}

/** Why a job failed, in a note; null when it did not. @param {Job} job */
export function failure(job) {
  if (job.state !== 'failed') return null;
  const error = job.error;
  const sentence = typeof error === 'string' ? error : error?.detail || error?.title || error?.message || t('went_wrong');
  return el('div', { class: 'note bad', role: 'alert' }, el('b', null, t('job_failed')), el('p', null, sentence));
}

/** The command that does the same in a terminal. @param {Job} job */
export const command = (job) => job.command && el('details', null, el('summary', null, t('job_command')), el('p', null, el('code', null, job.command)));
