// The colours of all places of a day, on one canvas: free, dearer and forbidden, told apart by hatching too.

import { signed } from '../ui.js';

/**
 * Whether a place is no dearer than where the sitting is, or for one without a place hardly dearer than the best.
 * @param {any} places the answer of `/api/hold`
 */
export function threshold(places) {
  if (places.now) return 0;
  let best = Infinity;
  for (const cell of places.cells) if (cell.best !== null) best = Math.min(best, cell.best);
  for (const room of places.day.rooms) for (const run of room.runs) if (run.price !== undefined && run.price !== null) best = Math.min(best, run.price);
  return best === Infinity ? 0 : best + 300;
}

/** @type {Map<string, HTMLCanvasElement>} */
const tiles = new Map();

/** @param {string} ground @param {string} line @param {'none'|'up'|'cross'} how @param {CanvasRenderingContext2D} on */
function hatch(ground, line, how, on) {
  const key = `${ground} ${line} ${how}`;
  let tile = tiles.get(key);
  if (!tile) {
    const size = how === 'cross' ? 6 : 8;
    tile = document.createElement('canvas');
    tile.width = tile.height = size;
    const c = /** @type {CanvasRenderingContext2D} */ (tile.getContext('2d'));
    c.fillStyle = ground;
    c.fillRect(0, 0, size, size);
    c.strokeStyle = line;
    c.beginPath();
    if (how !== 'none') {
      c.moveTo(-1, size + 1);
      c.lineTo(size + 1, -1);
    }
    if (how === 'cross') {
      c.moveTo(-1, -1);
      c.lineTo(size + 1, size + 1);
    }
    c.stroke();
    tiles.set(key, tile);
  }
  return /** @type {CanvasPattern} */ (on.createPattern(tile, 'repeat'));
}

/**
 * @param {import('./day.js').Day} day
 * @param {any} places the answer of `/api/hold`; null takes the colours away
 */
export function paint(day, places) {
  const canvas = day.canvas;
  if (!places) {
    canvas.hidden = true;
    return;
  }
  const bands = day.places();
  if (!bands.length) return;
  const height = bands[bands.length - 1].bottom;
  const width = day.x(day.to);
  // Beyond 16 million points some machines give nothing back.
  const dense = Math.min(devicePixelRatio || 1, Math.sqrt(16e6 / Math.max(1, width * height)));
  canvas.width = Math.round(width * dense);
  canvas.height = Math.round(height * dense);
  canvas.style.setProperty('width', `${width}px`);
  canvas.style.setProperty('height', `${height}px`);
  canvas.style.setProperty('left', `${day.left}px`);
  canvas.hidden = false;
  const c = canvas.getContext('2d');
  if (!c) return;
  const style = getComputedStyle(day.node);
  const ink = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  c.scale(dense, dense);
  const free = hatch(ink('--pl-free'), ink('--pl-free'), 'none', c);
  const dear = hatch(ink('--pl-dear'), ink('--pl-dear-line'), 'up', c);
  const shut = hatch(ink('--pl-shut'), ink('--pl-shut-line'), 'cross', c);
  const line = ink('--pl-edge');
  const words = ink('--ink');
  const ground = ink('--paper');
  const limit = threshold(places);
  const step = day.data.step;
  c.font = '600 11px system-ui, "Segoe UI", "DejaVu Sans", sans-serif';
  c.textBaseline = 'middle';
  const tops = new Map(bands.map((b) => [b.id, b]));
  for (const room of places.day.rooms) {
    const band = tops.get(room.room);
    if (!band) continue;
    for (const run of joined(room.runs, step, limit)) {
      const x = day.x(run.from);
      const w = day.x(run.to + step) - x;
      c.fillStyle = run.kind === 'free' ? free : run.kind === 'dear' ? dear : shut;
      c.fillRect(x, band.top + 1, w, band.bottom - band.top - 2);
      if (run.kind === 'shut') continue;
      c.strokeStyle = line;
      c.strokeRect(x + 0.5, band.top + 1.5, w - 1, band.bottom - band.top - 3);
      const text = signed(run.best);
      const room = c.measureText(text).width;
      if (room + 6 < w) {
        c.fillStyle = ground;
        c.globalAlpha = 0.75;
        c.fillRect(x + 2, band.bottom - 16, room + 4, 13);
        c.globalAlpha = 1;
        c.fillStyle = words;
        c.fillText(text, x + 4, band.bottom - 9);
      }
    }
  }
}

/**
 * Runs that touch and are of one colour, as one, with their best price. Prices of neighbours often differ by a wait of
 * five minutes.
 * @param {any[]} runs @param {number} step @param {number} limit the dearest price that counts as free
 */
function joined(runs, step, limit) {
  /** @type {{from: number, to: number, kind: 'free'|'dear'|'shut', best: number}[]} */ const all = [];
  for (const run of runs) {
    const kind = typeof run.price !== 'number' ? 'shut' : run.price <= limit ? 'free' : 'dear';
    const last = all[all.length - 1];
    if (last && last.kind === kind && last.to + step === run.from) {
      last.to = run.to;
      last.best = Math.min(last.best, run.price);
    } else all.push({ from: run.from, to: run.to, kind, best: run.price });
  }
  return all;
}

/**
 * The run that a start lies in.
 * @param {any} places @param {string} room @param {number} start
 */
export function runAt(places, room, start) {
  const runs = places?.day.rooms.find((/** @type {any} */ r) => r.room === room)?.runs;
  if (!runs) return null;
  let low = 0;
  let high = runs.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (runs[middle].to < start) low = middle + 1;
    else if (runs[middle].from > start) high = middle - 1;
    else return runs[middle];
  }
  return null;
}
