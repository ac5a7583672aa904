// The way to the server: bearer token, language, revision, problems.

/** What the server refused, or that it could not be reached (`status` 0). */
export class Problem extends Error {
  /**
   * @param {number} status HTTP status, 0 without an answer
   * @param {any} body the problem document, or `{}`
   */
  constructor(status, body) {
    super(body.detail || body.title || `HTTP ${status}`);
    this.name = 'Problem';
    this.status = status;
    /** @type {string} */ this.title = body.title || '';
    /** @type {string} */ this.detail = body.detail || '';
    /** @type {{file?: string, place?: string, message: string}[]} */ this.faults = body.faults || [];
    /** @type {{rule: string, label: string, source: string, message: string}[]} */ this.rules = body.rules || [];
    /** @type {{kind: string, id: string, name: string}[]} */ this.who = body.who || [];
    this.body = body;
  }
}

const KEY = 'oraux.token';
let language = 'fr';

/** Takes the token out of the address (`#token=…`) into this tab's storage. */
export function takeToken() {
  const found = /[#&?]token=([^&]+)/.exec(location.hash);
  if (!found) return;
  sessionStorage.setItem(KEY, decodeURIComponent(found[1]));
  history.replaceState(null, '', location.pathname + location.search);
}

/** @param {string} token what the password was given for */
export function keepToken(token) {
  sessionStorage.setItem(KEY, token);
}

/** Whether this tab has a token. */
export function hasToken() {
  return sessionStorage.getItem(KEY) !== null;
}

/** @param {'fr'|'en'} lang the language of the sentences to come */
export function speak(lang) {
  language = lang;
}

/**
 * @typedef {object} Options
 * @property {any} [json] sent as JSON
 * @property {Blob|ArrayBuffer} [bytes] sent as it is
 * @property {number} [revision] the revision that the change stands on (`If-Match`)
 * @property {AbortSignal} [signal]
 */

/**
 * The bare answer; the caller reads it.
 * @param {string} method
 * @param {string} path below `/api/`
 * @param {Options} [options]
 * @returns {Promise<Response>}
 */
export async function ask(method, path, options = {}) {
  /** @type {Record<string, string>} */
  const headers = { 'Accept-Language': language, Authorization: `Bearer ${sessionStorage.getItem(KEY) || ''}` };
  /** @type {BodyInit|undefined} */
  let body;
  if (options.json !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(options.json);
  } else if (options.bytes) {
    headers['Content-Type'] = 'application/octet-stream';
    body = options.bytes;
  }
  if (options.revision !== undefined) headers['If-Match'] = `"${options.revision}"`;
  let answer;
  try {
    answer = await fetch(`/api/${path}`, { method, headers, body, signal: options.signal, cache: 'no-store' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, {});
  }
  if (!answer.ok) {
    let problem = {};
    try {
      problem = await answer.json();
    } catch {
      // Not a document: the status says it.
    }
    throw new Problem(answer.status, problem);
  }
  return answer;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<any>} the JSON of the answer, null if it has none
 */
export async function call(method, path, options = {}) {
  const answer = await ask(method, path, options);
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
}

/** @param {string} path @param {AbortSignal} [signal] */
export const get = (path, signal) => call('GET', path, { signal });
/** Not a change of the project (those go through `app.change`). @param {string} path @param {any} [json] @param {AbortSignal} [signal] */
export const post = (path, json = {}, signal) => call('POST', path, { json, signal });
/** @param {string} path @param {any} json @param {number} revision */
export const patch = (path, json, revision) => call('PATCH', path, { json, revision });
/** @param {string} path */
export const del = (path) => call('DELETE', path);

/**
 * The server's events, for ever: it comes back by itself after a break.
 * @param {(name: string, data: any) => void} got
 * @param {(there: boolean) => void} state true when the stream is there, false when it broke
 * @param {AbortSignal} signal ends it
 */
export async function events(got, state, signal) {
  let wait = 500;
  while (!signal.aborted) {
    try {
      const answer = await ask('GET', 'events', { signal });
      if (!answer.body) return;
      state(true);
      wait = 500;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const parts = (rest + value.replaceAll('\r', '')).split('\n\n');
        rest = parts.pop() || '';
        for (const part of parts) {
          let name = 'message';
          const data = [];
          for (const line of part.split('\n')) {
            if (line.startsWith('event:')) name = line.slice(6).trim();
            else if (line.startsWith('data:')) data.push(line.slice(5).trim());
          }
          if (data.length) got(name, JSON.parse(data.join('\n')));
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Problem && error.status === 401) return;
    }
    state(false);
    await new Promise((done) => setTimeout(done, wait));
    wait = Math.min(wait * 2, 5000);
  }
}
