// The dialogs about one sitting or one seat: the ranked list of places, the ranked list of people, what was refused.

import { get, post, Problem } from '../api.js';
import { button, dialog, el, fill, hour, signed } from '../ui.js';
import { datumLink, fold, ruleLines, who } from './dock.js';
import { between, capital, code, dateShort, key, pinned, price, shortly, t } from './words.js';

/**
 * A dialog that takes no clicks for a moment: the second click of a double click falls on it.
 * @param {Parameters<typeof dialog>[0]} of
 */
export function calm(of) {
  const shown = dialog(of);
  shown.node.classList.add('pl-young');
  setTimeout(() => shown.node.classList.remove('pl-young'), 350);
  // A link leads away: nothing may lie over where it leads.
  shown.node.addEventListener('click', (e) => {
    const link = /** @type {HTMLElement} */ (e.target).closest('a[href^="#"]');
    if (link && !e.ctrlKey && !e.metaKey) shown.close();
  });
  return shown;
}

/**
 * What a refusal says: rules, whom they name, and the way to the datum.
 * @param {any} screen @param {Problem|any} problem
 */
export function refusal(screen, problem) {
  const datum = problem.body ? problem.body.datum : problem.datum;
  return el('div', { class: 'pl-refusal' },
    el('p', { class: 'bad' }, el('b', null, problem.detail || problem.text || problem.title)),
    ruleLines(problem.rules, problem.detail || problem.text),
    problem.who?.length > 0 && el('p', null, problem.who.map((/** @type {any} */ w, /** @type {number} */ i) => [i > 0 && ', ', who(screen, w)])),
    datum && el('p', null, datumLink(screen, datum)));
}

/** A line that says what goes on in a dialog, aloud too. */
export function status() {
  return el('div', { role: 'status', class: 'pl-status' });
}

/**
 * The best places of everything that could be: the way without dragging.
 * @param {any} screen @param {any} what
 */
export async function placesDialog(screen, what) {
  const body = el('div', null, el('p', { class: 'wait' }, t('looking')));
  const said = status();
  const shown = calm({ title: t('places_of', { what: name(screen, what) }), content: [said, body], wide: true, closeLabel: t('close') });
  const show = async (/** @type {number} */ count) => {
    let answer;
    try {
      answer = await post('places', { held: what, count });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return fill(body, refusal(screen, error));
    }
    const all = answer.places;
    if (!all.length) return fill(body, el('p', { class: 'note warn' }, t('places_none')), el('p', { class: 'soft' }, t('places_none_how')));
    const now = screen.hand.places?.now;
    const narrow = screen.narrow.matches;
    fill(body, el('p', { class: 'soft' }, t('places_how')), el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('places_list') }, el('table', { class: 'pl-ranked' },
      el('caption', { class: 'unseen' }, t('places_list')),
      el('thead', null, el('tr', null, (narrow ? ['price_head', 'place_head'] : ['price_head', 'centre', 'date', 'hour', 'room', 'what']).map((k) => el('th', { scope: 'col', class: k === 'price_head' ? 'n' : null }, t(/** @type {any} */ (k)))), el('th', { scope: 'col' }, el('span', { class: 'unseen' }, t('place'))))),
      el('tbody', null, all.map((/** @type {any} */ p, /** @type {number} */ i) => el('tr', null, el('td', { class: 'n' }, signed(p.price)),
        narrow ? el('td', null, el('b', null, `${dateShort(p.date)}, ${hour(p.start)}`), `, ${p.room}`, el('small', { class: 'soft' }, p.name), el('small', { class: 'soft' }, p.text))
          : [p.name, dateShort(p.date), hour(p.start), p.room, p.text].map((text) => el('td', null, text)),
        el('td', null, button(t('place'), async (e) => {
          e.target.disabled = true;
          const done = await screen.put(what, { centre: p.centre, date: p.date, room: p.room, start: p.start }, now, (/** @type {Problem} */ problem) => fill(said, refusal(screen, problem)));
          if (done) {
            shown.close();
            shown.closed.then(() => screen.focus(key(what)));
          } else e.target.disabled = false;
        }, { class: i ? 'small' : 'small primary', 'aria-label': t('place_here', { room: p.room, hour: hour(p.start), date: dateShort(p.date), price: price(p.price) }) })))))),
    ), all.length >= count && count < 200 && el('p', null, button(t('more_places'), () => show(count * 3), { class: 'small' })));
    /** @type {HTMLElement|null} */ (body.querySelector('button'))?.focus();
  };
  await show(20).catch((error) => screen.app.problem(error));
}

/** What something is called. @param {any} screen @param {any} what */
function name(screen, what) {
  if (screen.hand.places && screen.hand.what === what) return screen.hand.places.held.label;
  if ('session' in what) return screen.session(what.session)?.label || t('is_session');
  const there = screen.sittingOf(what.sitting) || screen.dock.orals.find((/** @type {any} */ o) => o.candidate === what.sitting.candidate && o.exam === what.sitting.exam);
  return `${there?.name || what.sitting.candidate}, ${code(what.sitting.exam)}`;
}

/**
 * Who could take a seat, cheapest first, and why the others can not.
 * @param {any} screen @param {string} session @param {string} seat
 */
export async function memberDialog(screen, session, seat) {
  const of = screen.session(session);
  const member = of?.members.find((/** @type {any} */ m) => m.seat === seat);
  const body = el('div', null, el('p', { class: 'wait' }, t('looking')));
  const said = status();
  const shown = calm({ title: t('member_of', { seat: member?.label || seat, session: of?.label || '' }), content: [said, body], wide: true, closeLabel: t('close') });
  let answer;
  try {
    answer = await post('members', { session, seat });
  } catch (error) {
    if (error instanceof Problem) return fill(body, refusal(screen, error));
    return screen.app.problem(error);
  }
  const act = async (/** @type {string|null} */ examiner) => {
    const done = await screen.act({ kind: 'member', session, seat, examiner }, { focus: `m:${session}/${seat}`, refused: (/** @type {Problem} */ p) => fill(said, refusal(screen, p)) });
    if (done) {
      shown.close();
      shown.closed.then(() => screen.focus(`m:${session}/${seat}`));
    }
  };
  const rows = el('tbody', null);
  const more = el('p', null);
  let wanted = '';
  let limit = 40;
  const show = () => {
    const like = fold(wanted);
    const found = answer.people.filter((/** @type {any} */ p) => p.examiner !== (member?.examiner || null) && (!like || fold(`${p.name} ${p.examiner || ''}`).includes(like)));
    fill(rows, found.slice(0, limit).map((/** @type {any} */ p) => {
      const free = typeof p.price === 'number';
      const name = p.examiner ? p.name : t('leave_empty');
      return el('tr', { class: free ? null : 'pl-refused' }, el('td', { class: 'n' }, free ? signed(p.price) : '—'), el('th', { scope: 'row' }, name, ' ', p.examiner && el('small', { class: 'soft' }, p.examiner)),
        el('td', null, free ? (p.terms || []).filter((/** @type {any} */ x) => x.cost).slice(0, 3).map((/** @type {any} */ x) => `${x.label} ${signed(x.cost)}`).join(', ') : p.rules.map((/** @type {any} */ r) => el('div', null, capital(r.message || r.label)))),
        el('td', null, free && button(t('choose'), () => act(p.examiner), { class: 'small', 'aria-label': t('choose_who', { name, price: price(p.price) }) })));
    }), found.length === 0 && el('tr', null, el('td', { colspan: 4 }, t('none_found'))));
    fill(more, found.length > limit && button(t('more_people', { n: found.length - limit }), () => { limit = Infinity; show(); }, { class: 'small' }));
  };
  show();
  fill(body, el('p', null, member?.examiner ? t('member_now', { name: member.name }) : t('member_nobody')),
    member?.examiner && el('p', null, el('a', { href: screen.app.href('planning', { path: ['interrogateur', member.examiner] }) }, t('card'))),
    el('div', { class: 'field pl-filter' }, el('label', { for: 'pl-who' }, t('filter_people')), el('input', { id: 'pl-who', type: 'search', autocomplete: 'off', oninput: (/** @type {any} */ e) => { wanted = e.target.value; show(); } })),
    el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('people_list') }, el('table', { class: 'pl-ranked' }, el('caption', { class: 'unseen' }, t('people_list')),
      el('thead', null, el('tr', null, el('th', { scope: 'col', class: 'n' }, t('price_head')), el('th', { scope: 'col' }, t('person')), el('th', { scope: 'col' }, t('why')), el('th', { scope: 'col' }, el('span', { class: 'unseen' }, t('choose'))))), rows)), more);
  document.getElementById('pl-who')?.focus();
}

/**
 * One sitting, with all that can be done with it: on a narrow page instead of the hand.
 * @param {any} screen @param {any} s
 */
export function sittingDialog(screen, s) {
  const what = { sitting: { candidate: s.candidate, exam: s.exam } };
  const days = el('div', null);
  const shown = calm({
    title: `${s.name}, ${code(s.exam)}`, closeLabel: t('close'), content: [
      el('p', null, s.label), el('p', null, `${between(s.start, s.end)}, ${s.room}`, s.accommodated && el('span', { class: 'tag' }, t('accommodated')), pinned(s) && el('span', { class: 'tag' }, t('pinned'))),
      s.preparation_start < s.start && el('p', null, t('prepares', { room: s.preparation_room || '', hours: between(s.preparation_start, s.start) })),
      s.broken.map((/** @type {string} */ b) => el('p', { class: 'bad' }, b)),
      el('div', { class: 'pl-acts' },
        button(t('place_dots'), () => { shown.close(); screen.placesDialog(what); }, { class: 'primary' }),
        button(t(pinned(s) ? 'unpin' : 'pin'), () => { shown.close(); screen.pin(what.sitting); }),
        button(t('take_out'), () => { shown.close(); screen.unplace(what.sitting); }),
        button(t('repair_dots'), () => { shown.close(); screen.repair({ candidate: s.candidate }); }),
        el('a', { class: 'button', href: screen.app.href('planning', { path: ['candidat', s.candidate] }) }, t('card'))),
      days],
  });
  get(`plan/candidate/${encodeURIComponent(s.candidate)}`).then((data) => fill(days, el('h3', null, t('all_days')), el('ul', null, data.days.map((/** @type {any} */ d) => el('li', null, el('b', null, `${dateShort(d.date)} : `), d.blocks.map((/** @type {any} */ b) => `${shortly(b)} ${between(b.from, b.to)}`).join(', '))))), (error) => screen.app.problem(error));
}

/** Every rule that the plan breaks, with the way to where it does. @param {any} screen */
export async function brokenDialog(screen) {
  const body = el('div', null, el('p', { class: 'wait' }, t('looking')));
  calm({ title: t('broken'), content: body, wide: true, closeLabel: t('close') });
  try {
    const { violations } = await get('check');
    fill(body, violations.length === 0 && el('p', null, t('broken_none')), el('ol', { class: 'pl-plain' }, violations.slice(0, 300).map((/** @type {any} */ v) => el('li', null, el('b', null, v.label), ` : ${v.message}`, v.source && el('span', { class: 'soft' }, ` – ${v.source}`),
      v.who?.length > 0 && el('div', null, v.who.map((/** @type {any} */ w, /** @type {number} */ i) => [i > 0 && ', ', who(screen, w)]))))));
  } catch (error) {
    screen.app.problem(error);
  }
}
