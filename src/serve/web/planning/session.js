// The dialogs about a whole session: move it, push it later, close it; open one by hand.

import { get, Problem } from '../api.js';
import { button, combobox, el, fill, hour, labelled } from '../ui.js';
import { calm, refusal, status } from './dialogs.js';
import { fold } from './dock.js';
import { between, code, date, pinned, t } from './words.js';

/** @param {any} screen @param {any} s a session of the day that is shown */
export function sessionDialog(screen, s) {
  if (!s) return;
  const what = { session: s.id };
  const room = (screen.day || screen.agenda).data.rooms.find((/** @type {any} */ r) => r.id === s.room)?.label || s.room;
  const said = status();
  const step = (screen.day || screen.agenda).data.step;
  const minutes = el('input', { id: 'pl-shift', type: 'number', step, value: String(step * 4), min: -600, max: 600 });
  const act = async (/** @type {any} */ json, focus = `v:${s.id}`) => {
    const done = await screen.act(json, { refused: (/** @type {Problem} */ p) => fill(said, refusal(screen, p)) });
    if (done) {
      shown.close();
      shown.closed.then(() => screen.focus(focus));
    }
  };
  const shift = (/** @type {number} */ by) => act({ kind: 'move_session', session: s.id, shift: by });
  const shown = calm({
    title: t('session_of', { name: s.label, room }), closeLabel: t('close'), wide: true, content: [
      said,
      el('p', null, s.sittings.length ? t('session_hours', { hours: between(s.sittings[0].start, s.span[1]), n: s.sittings.length }) : t('session_empty'), s.language && ` ${s.language}`),
      s.given && el('p', { class: 'note' }, t('given')),
      el('h3', null, t('members')),
      el('ul', { class: 'pl-members' }, s.members.map((/** @type {any} */ m) => el('li', null, button([el('small', null, m.label), ` ${m.name || t(m.required ? 'nobody' : 'nobody_optional')}`], () => { shown.close(); screen.memberDialog(s.id, m.seat); }, { class: 'small' }), m.examiner && [' ', el('a', { href: screen.app.href('planning', { path: ['interrogateur', m.examiner] }), 'aria-label': t('card_of', { name: m.name }) }, t('card'))]))),
      el('h3', null, t('move_session')),
      el('div', { class: 'pl-acts' },
        screen.day && button(t('hold_session'), () => { shown.close(); shown.closed.then(() => screen.hand.pick(what, { keys: true, back: `v:${s.id}` })); }, { class: 'primary' }),
        button(t('place_dots'), () => { shown.close(); screen.placesDialog(what); })),
      el('div', { class: 'row end' }, labelled(t('shift_by'), minutes), button(t('shift'), () => { if (minutes.valueAsNumber) shift(minutes.valueAsNumber); }, { id: 'pl-do-shift' }),
        [-4, -2, 2, 4].map((k) => button(t('shift_n', { n: k > 0 ? `+${k * step}` : `−${-k * step}` }), () => shift(k * step), { class: 'small' }))),
      el('h3', null, t('more')),
      el('div', { class: 'pl-acts' }, button(t('repair_dots'), () => { shown.close(); screen.repair(what); }), button(t('commission_days'), () => { shown.close(); screen.app.go('planning', { path: ['commission', s.commission] }); }), button(t('close_session_dots'), () => { shown.close(); closeDialog(screen, s); }, { class: 'danger' })),
      s.sittings.length > 0 && [el('h3', null, t('sittings')), el('ol', { class: 'pl-plain' }, s.sittings.map((/** @type {any} */ x) => el('li', null, `${between(x.start, x.end)} ${code(x.exam)} `, el('a', { href: screen.app.href('planning', { path: ['candidat', x.candidate] }) }, x.name), pinned(x) ? ` – ${t('pinned')}` : '')))]],
  });
}

/** Asks once before orals lose their place. @param {any} screen @param {any} s */
function closeDialog(screen, s) {
  const said = status();
  const shown = calm({
    title: t('close_session'), content: [said, el('p', null, t('close_session_sure', { name: s.label, hour: s.sittings.length ? hour(s.sittings[0].start) : '' })), el('p', null, t('close_session_what', { n: s.sittings.length })), el('p', { class: 'soft' }, t('can_undo'))],
    actions: [{ label: t('close_session'), danger: true, run: async () => {
      const done = await screen.act({ kind: 'close_session', session: s.id }, { refused: (/** @type {Problem} */ p) => fill(said, refusal(screen, p)) });
      if (done) shown.closed.then(() => screen.focus(`v:${s.id}`));
      return Boolean(done);
    } }],
  });
}

/**
 * A session opened by hand, for an oral that waits.
 * @param {any} screen @param {string} room chosen beforehand, or empty
 * @param {{commission: string, language: string|null, label: string, seats: any[]}[]} kinds what may be opened
 */
export function openDialog(screen, room, kinds) {
  const data = (screen.day || screen.agenda)?.data;
  if (!data) return screen.to(screen.where, 'jour').then(() => screen.openAt(room));
  if (!kinds.length) return calm({ title: t('open_session'), content: el('p', null, t('open_none')) });
  const said = status();
  const kind = el('select', { id: 'pl-new-commission', onchange: () => seats() }, kinds.map((k, i) => el('option', { value: String(i) }, kinds.some((other) => other !== k && other.commission === k.commission) ? `${k.label} (${k.language})` : k.label)));
  const rooms = el('select', { id: 'pl-new-room' }, data.rooms.map((/** @type {any} */ r) => el('option', { value: r.id }, r.label)));
  if (room) rooms.value = room;
  const half = el('select', { id: 'pl-new-half' }, data.half_days.map((/** @type {any} */ h, /** @type {number} */ i) => el('option', { value: String(i) }, `${h.name} (${between(h.from, h.to)})`)));
  const kindNow = () => kinds[Number(kind.value)];
  const suits = (/** @type {any} */ o) => o.commission === kindNow().commission && (o.language || null) === (kindNow().language || null);
  const waiting = () => screen.dock.orals.filter(suits);
  /** @type {{candidate: string, exam: string}|null} */ let first = null;
  const oral = combobox({
    id: 'pl-new-oral', label: t('open_oral'), placeholder: t('search_what_candidate'), keep: true,
    // Those that wait come first, then what is heard elsewhere by the same kind of commission.
    source: async (q) => {
      const like = fold(q);
      const free = waiting().filter((/** @type {any} */ o) => fold(`${o.name} ${o.exam} ${o.candidate}`).includes(like)).map((/** @type {any} */ o) => ({ ...o, placed: false }));
      const { hits } = await get(`search?q=${encodeURIComponent(q)}`);
      const there = hits.flatMap((/** @type {any} */ h) => (h.orals || []).filter((/** @type {any} */ o) => o.placed && suits(o)).map((/** @type {any} */ o) => ({ ...o, candidate: h.id, name: h.name })));
      return [...free, ...there].slice(0, 20);
    },
    text: (/** @type {any} */ o) => `${o.name}, ${code(o.exam)}`, hint: (/** @type {any} */ o) => t(o.placed ? 'open_placed' : 'open_waits'),
    choose: (/** @type {any} */ o) => { first = { candidate: o.candidate, exam: o.exam }; },
  });
  oral.input.addEventListener('input', () => { first = null; });
  const how = el('p', { class: 'soft', id: 'pl-new-oral-how' });
  oral.input.setAttribute('aria-describedby', how.id);
  const lines = el('div', { class: 'pl-new-seats' });
  /** @type {Map<string, string>} */ const chosen = new Map();
  const seats = () => {
    chosen.clear();
    first = null;
    oral.input.value = '';
    fill(how, t(waiting().length ? 'open_oral_how' : 'open_oral_how_placed'));
    fill(lines, kinds[Number(kind.value)].seats.map((seat) => {
      const box = combobox({
        id: `pl-new-${seat.seat}`, label: seat.label, placeholder: t(seat.required ? 'seat_wanted' : 'seat_optional'), keep: true,
        source: async (q) => (await get(`search?q=${encodeURIComponent(q)}`)).hits.filter((/** @type {any} */ h) => h.kind === 'examiner'), text: (/** @type {any} */ h) => h.name, hint: (/** @type {any} */ h) => h.about || h.id,
        choose: (h) => chosen.set(seat.seat, h.id),
      });
      box.input.addEventListener('input', () => chosen.delete(seat.seat));
      return el('div', { class: 'field' }, el('label', { for: `pl-new-${seat.seat}` }, seat.label), box.node);
    }));
  };
  seats();
  const shown = calm({
    title: t('open_session'), wide: true, content: [said, el('p', { class: 'soft' }, `${data.name}, ${date(data.date)}`),
      el('div', { class: 'row end' }, labelled(t('commission'), kind), labelled(t('room'), rooms), labelled(t('half'), half)),
      el('h3', null, t('open_oral')), how, oral.node,
      el('h3', null, t('members')), el('p', { class: 'soft' }, t('open_members')), lines],
    actions: [{
      label: t('open_session'), primary: true, run: async () => {
        const { commission, language } = kindNow();
        if (!first && (oral.input.value.trim() || !waiting().length)) {
          fill(said, el('p', { class: 'note warn' }, t('open_oral_wanted')));
          oral.input.focus();
          return false;
        }
        const done = await screen.act({
          kind: 'open_session', commission, language, centre: data.centre, room: rooms.value, date: data.date, half: Number(half.value), members: Object.fromEntries(chosen),
          ...(first || {}),
        }, { refused: (/** @type {Problem} */ p) => fill(said, refusal(screen, p)) });
        if (done) shown.closed.then(() => screen.focus(`v:${done.touched?.sessions?.[0] || ''}`));
        return Boolean(done);
      },
    }],
  });
}
