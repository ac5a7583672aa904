// The curve of a search: the cost of the best plan so far and the proven bound, over time.

import { el, fill, number, span, t } from '../ui.js';

/** Round steps that give about `n` marks. @param {number} range @param {number} n */
function step(range, n) {
  const raw = range / Math.max(1, n);
  const power = 10 ** Math.floor(Math.log10(Math.max(raw, 1e-9)));
  return power * ([1, 2, 5, 10].find((f) => f * power >= raw) || 10);
}

/**
 * @param {HTMLElement} box
 * @param {[number, number|null, number|null][]} curve seconds, cost, bound
 */
export function drawCurve(box, curve) {
  const points = curve.filter((p) => p[1] !== null);
  const bounds = curve.filter((p) => p[2] !== null);
  if (!points.length) return fill(box);
  const width = Math.max(300, Math.min(1100, box.clientWidth || 700));
  const [left, right, top, bottom] = [width < 480 ? 64 : 84, 12, 14, 34];
  const height = width < 480 ? 220 : 280;
  const end = Math.max(curve.at(-1)?.[0] || 0, 1);
  // What the first second does would hide what follows.
  const early = points.filter((p) => p[0] > end * 0.02 || p === points.at(-1));
  let [low, high] = [Math.min(...points.map((p) => Number(p[1])), ...bounds.map((p) => Number(p[2]))), Math.max(...early.map((p) => Number(p[1])))];
  const pad = Math.max((high - low) * 0.06, high * 0.002, 1);
  [low, high] = [Math.max(0, low - pad), high + pad];
  const x = (/** @type {number} */ s) => left + (s / end) * (width - left - right);
  const y = (/** @type {number} */ v) => top + ((high - Math.min(v, high)) / (high - low)) * (height - top - bottom);
  /** Steps: a value holds until the next. @param {any[]} of @param {number} i */
  const line = (of, i) => of.map((p, k) => `${k ? `H${x(p[0]).toFixed(1)}V` : `M${x(p[0]).toFixed(1)} `}${y(p[i]).toFixed(1)}`).join('') + `H${x(end).toFixed(1)}`;
  const dv = step(high - low, 5);
  const marks = [];
  for (let v = Math.ceil(low / dv) * dv; v <= high; v += dv) marks.push(v);
  const dt = step(end, width < 480 ? 4 : 7);
  const times = [];
  for (let s = 0; s <= end; s += dt) times.push(s);
  const last = points.at(-1) || [0, 0, null];
  const bound = bounds.at(-1)?.[2] ?? null;
  fill(box, el('s:svg', { class: 'curve', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': t(bound === null ? 'solve_curve_said' : 'solve_curve_said_bound', { cost: Number(last[1]), seconds: span(end), bound: bound ?? 0 }) },
    marks.map((v) => [el('s:line', { class: 'gridline', x1: left, x2: width - right, y1: y(v), y2: y(v) }), el('s:text', { class: 'mark', x: left - 6, y: y(v) + 4, 'text-anchor': 'end' }, number(v))]),
    times.map((s) => el('s:text', { class: 'mark', x: x(s), y: height - 12, 'text-anchor': s === 0 ? 'start' : 'middle' }, span(s))),
    // A limit holds for all plans, those before it was proven too.
    bounds.length > 0 && el('s:path', { class: 'bound', d: line([[0, null, bounds[0][2]], ...bounds], 2) }),
    el('s:path', { class: 'cost', d: line(points, 1) }),
    el('s:circle', { class: 'cost-end', cx: x(end), cy: y(Number(last[1])), r: 4 })),
  el('ul', { class: 'legend' }, el('li', null, el('span', { class: 'key cost' }), t('solve_cost')), bound !== null && el('li', null, el('span', { class: 'key bound' }), t('solve_bound'))));
}
