// The Planning screen's texts, and how it says prices, hours and sittings.

import fr from '../text/planning-fr.js';
import en from '../text/planning-en.js';
import { date as dateOf, dateShort as shortDateOf, hour, language, signed, span, translator } from '../ui.js';

/** The texts of the Planning screen. */
export const t = translator(fr, en);

/** `+420 points`. @param {number} points change of the plan's cost */
export const price = (points) => (points === 0 ? t('same_price') : t('price', { p: signed(points) }));

/** @type {Map<string, string>} Making a date's words anew for each of a hundred cells would take longer than all the rest. */
const dates = new Map();

/** @param {string} iso @param {boolean} short */
function dated(iso, short) {
  const name = `${language()}${short ? '·' : ' '}${iso}`;
  let text = dates.get(name);
  if (text === undefined) {
    text = short ? shortDateOf(iso) : dateOf(iso);
    dates.set(name, text);
  }
  return text;
}

/** `mercredi 3 juin 2026`. @param {string} iso */
export const date = (iso) => dated(iso, false);

/** `mer. 3 juin`. @param {string} iso */
export const dateShort = (iso) => dated(iso, true);

/** `1 h 20 min`. @param {number} minutes */
export const minutes = (minutes) => span(minutes * 60);

/** `8 h 30 – 9 h 30`. @param {number} from @param {number} to minutes since midnight */
export const between = (from, to) => `${hour(from)} – ${hour(to)}`;

/** `8 h 30` as an `<input type="time">` has it. @param {number} at */
export const clock = (at) => `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;

/** Names a sitting in this page. @param {{candidate: string, exam: string}} of */
export const sittingKey = (of) => `s:${of.candidate}/${of.exam}`;

/** @param {any} a @param {any} b whether both hold the same sitting or session */
export const sameHeld = (a, b) => Boolean(a && b) && (a.session !== undefined ? a.session === b.session : b.sitting !== undefined && a.sitting.candidate === b.sitting.candidate && a.sitting.exam === b.sitting.exam);

/** @type {Map<string, number>} */
const colours = new Map();

/**
 * The number of an exam's colour; the same exam keeps it while the page is open.
 * @param {string} exam
 */
export function colour(exam) {
  if (!colours.has(exam)) colours.set(exam, colours.size % 8);
  return /** @type {number} */ (colours.get(exam));
}

/** Gives exams their colours in the order of their codes. @param {Iterable<string>} exams */
export function colourAll(exams) {
  for (const exam of [...new Set(exams)].sort()) colour(exam);
}

/** @param {any} points whether it is a price worth telling */
export const hasPrice = (points) => typeof points === 'number' && points !== 0;

/** Whether hands have fixed something of a sitting. @param {any} sitting of a day */
export const pinned = (sitting) => Boolean(Array.isArray(sitting?.pinned) ? sitting.pinned.length : sitting?.pinned);

/** What a block of somebody's day is called, in short. @param {any} block */
export const shortly = (block) => (block.kind === 'oral' ? block.exam ? code(block.exam) : block.label : block.label || t(/** @type {any} */ (`kind_${block.kind}`)));

/** What a block of somebody's day is called. @param {any} block */
export const wholly = (block) => (block.kind === 'oral' && block.exam && block.exam !== block.label ? `${code(block.exam)} ${block.label || ''}` : block.label || t(/** @type {any} */ (`kind_${block.kind}`)));

/** Names a held thing in this page. @param {any} what */
export const key = (what) => ('sitting' in what ? sittingKey(what.sitting) : `v:${what.session}`);

/** An exam's code: `EF2 (étranger)` for what the regulation calls `EF2-abroad`. @param {string} exam */
export const code = (exam) => exam.replace(/-abroad$/, () => ` (${t('abroad')})`);

/**
 * A commission's name where there is little room: `Anglais` for « Commission d’anglais ».
 * @param {string} label
 */
export function brief(label) {
  const text = label.replace(/^commission (d[’']|de la |de l[’']|du |des |de )?/i, '').replace(/ (commission|jury|panel)$/i, '');
  return text ? capital(text) : label;
}

/** With a capital at its beginning. @param {string} text */
export const capital = (text) => (text ? text[0].toUpperCase() + text.slice(1) : '');
