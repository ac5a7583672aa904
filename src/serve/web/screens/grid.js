// A table whose cells are chosen and edited as in a spreadsheet (ARIA grid, one cell in the order of Tab).

import { el, fill, t } from '../ui.js';

/**
 * @typedef {{id: string, title: string, help?: string|null, kind?: string, choices?: string[]}} Column
 * @typedef {{row: number, cells: string[], faults: {column: string|null, message: string, severity: string}[], fresh?: boolean}} Row
 * @typedef {{row: Row, column: Column}} Cell
 * @typedef {{columns: Column[], rows: Row[], total: number, title: string}} Page
 */

export class Grid {
  /**
   * @param {HTMLElement} box
   * @param {{edit: (edits: {row: number, column: string, value: string}[], insert?: string[][]) => void, locked: () => boolean, active: (cell: Cell|null) => void, beyond: (way: number, column: string) => void}} on
   */
  constructor(box, on) {
    this.box = box;
    this.on = on;
    /** @type {Page|null} */ this.page = null;
    /** @type {{row: number, column: string}|null} */ this.at = null;
    /** @type {HTMLInputElement|null} */ this.input = null;
    box.addEventListener('keydown', (e) => this.key(e));
    box.addEventListener('click', (e) => this.clicked(e));
    box.addEventListener('dblclick', (e) => this.begin(this.target(e)));
    box.addEventListener('focusin', (e) => this.entered(e));
    box.addEventListener('paste', (e) => this.paste(e));
    box.addEventListener('copy', (e) => this.copy(e));
  }

  stop() {
    this.input = null;
  }

  /** @param {Page} page @param {boolean} keep the active cell, the place, the focus */
  draw(page, keep) {
    if (keep && this.redraw(page)) return;
    const had = this.box.contains(document.activeElement);
    const typed = this.input && this.at ? { ...this.at, text: this.input.value } : null;
    const table = this.box.querySelector('table');
    const [top, left] = [this.box.scrollTop, this.box.scrollLeft];
    this.input = null;
    this.page = page;
    if (!keep) this.at = null;
    const node = el('table', { role: 'grid', class: 'cells', 'aria-label': page.title, 'aria-rowcount': page.total + 1, 'aria-colcount': page.columns.length + 1 },
      el('thead', null, el('tr', { role: 'row' }, el('th', { role: 'columnheader', scope: 'col', class: 'number' }, el('span', { class: 'unseen' }, t('data_row_head'))),
        page.columns.map((c) => el('th', { role: 'columnheader', scope: 'col', title: c.help || null }, c.title)))),
      el('tbody', null, page.rows.map((row) => this.line(row, page.columns))));
    if (table) table.replaceWith(node);
    else fill(this.box, node);
    if (keep) this.box.scrollTo(left, top);
    else this.box.scrollTo(0, 0);
    const there = this.at && this.node(this.at.row, this.at.column);
    if (!there) this.at = null;
    const first = there || node.querySelector('tbody td');
    if (first) first.tabIndex = 0;
    if (there && had) {
      there.focus({ preventScroll: true });
      if (typed && this.at && typed.row === this.at.row && typed.column === this.at.column) this.begin(there, typed.text);
    }
    this.on.active(this.cell());
  }

  /** Draws only the rows that are others now; false where that is not enough. @param {Page} page */
  redraw(page) {
    const old = this.page;
    const same = old && JSON.stringify(old.columns) === JSON.stringify(page.columns) && old.rows.length === page.rows.length && old.rows.every((r, i) => r.row === page.rows[i].row && !r.fresh === !page.rows[i].fresh);
    if (!old || !same || this.input) return false;
    this.page = page;
    this.box.querySelector('table')?.setAttribute('aria-label', page.title);
    const had = this.box.contains(document.activeElement);
    page.rows.forEach((row, i) => {
      const saving = this.box.querySelector(`tr[data-row="${row.row}"] .saving`);
      if (!saving && JSON.stringify(row) === JSON.stringify(old.rows[i])) return;
      const line = this.box.querySelector(`tr[data-row="${row.row}"]`);
      if (!line) return;
      if (old.rows[i].faults.length) line.nextElementSibling?.remove();
      line.replaceWith(.../** @type {HTMLElement[]} */ (this.line(row, page.columns).filter(Boolean)));
    });
    const node = this.at && this.node(this.at.row, this.at.column);
    if (node) {
      node.tabIndex = 0;
      if (had && document.activeElement !== node) node.focus({ preventScroll: true });
    }
    this.on.active(this.cell());
    return true;
  }

  /** @param {Row} row @param {Column[]} columns @returns {any[]} */
  line(row, columns) {
    const bad = row.faults.some((f) => f.severity === 'fault');
    const lines = row.faults.length > 0;
    const id = `f${row.row}`;
    return [
      el('tr', { role: 'row', class: row.fresh ? 'fresh' : bad ? 'faulty' : lines ? 'remarked' : null, dataset: { row: row.row } },
        el('th', { role: 'rowheader', scope: 'row', class: 'number' }, row.fresh ? el('span', { 'aria-label': t('data_new_row') }, '＋') : row.row),
        columns.map((c, i) => {
          const fault = row.faults.find((f) => f.column === c.id);
          return el('td', { role: 'gridcell', tabindex: -1, dataset: { column: c.id }, class: fault ? fault.severity : null, 'aria-invalid': fault?.severity === 'fault' ? 'true' : null, 'aria-describedby': fault ? id : null, title: row.cells[i]?.length > 24 ? row.cells[i] : null }, row.cells[i] ?? '');
        })),
      lines && el('tr', { role: 'row', class: 'messages' }, el('td', { role: 'gridcell', colspan: columns.length + 1 }, el('ul', { id }, row.faults.map((f) => {
        const column = columns.find((c) => c.id === f.column);
        return el('li', { class: f.severity === 'fault' ? 'bad' : 'warn' }, column && el('b', null, column.title), column ? ' – ' : '', f.message);
      })))),
    ];
  }

  /** @param {number} row @param {string} column @returns {HTMLTableCellElement|null} */
  node(row, column) {
    const line = this.box.querySelector(`tr[data-row="${row}"]`);
    return line && [.../** @type {any} */ (line).querySelectorAll('td')].find((td) => td.dataset.column === column) || null;
  }

  /** The active cell. @returns {Cell|null} */
  cell() {
    const row = this.page?.rows.find((r) => r.row === this.at?.row);
    const column = this.page?.columns.find((c) => c.id === this.at?.column);
    return row && column ? { row, column } : null;
  }

  /** @param {number} row @param {string} column */
  focus(row, column) {
    const node = this.node(row, column);
    if (!node) return;
    node.focus({ preventScroll: true });
    this.box.scrollIntoView({ block: 'nearest' });
    this.reveal(node);
  }

  /** Scrolls a cell out from under the head and the numbers. @param {HTMLElement} node */
  reveal(node) {
    const [box, cell] = [this.box.getBoundingClientRect(), node.getBoundingClientRect()];
    const head = this.box.querySelector('thead')?.getBoundingClientRect().height || 0;
    const side = this.box.querySelector('th.number')?.getBoundingClientRect().width || 0;
    if (cell.top < box.top + head) this.box.scrollTop -= box.top + head - cell.top;
    else if (cell.bottom > box.bottom - 40) this.box.scrollTop += cell.bottom - box.bottom + 40;
    if (cell.left < box.left + side || cell.width > box.width - side) this.box.scrollLeft -= box.left + side - cell.left;
    else if (cell.right > box.right) this.box.scrollLeft += cell.right - box.right + 16;
  }

  /** @param {Event} e @returns {HTMLTableCellElement|null} */
  target(e) {
    const td = /** @type {Element} */ (e.target).closest('td[data-column]');
    return /** @type {any} */ (td);
  }

  /** @param {FocusEvent} e */
  entered(e) {
    const td = this.target(e);
    if (!td || this.input) return;
    const row = Number(/** @type {HTMLElement} */ (td.parentElement).dataset.row);
    this.box.querySelectorAll('td[tabindex="0"]').forEach((other) => { /** @type {HTMLElement} */ (other).tabIndex = -1; });
    td.tabIndex = 0;
    this.at = { row, column: td.dataset.column || '' };
    this.on.active(this.cell());
  }

  /** A click chooses a cell, a click on the chosen one edits it. @param {MouseEvent} e */
  clicked(e) {
    const td = this.target(e);
    if (!td || this.input?.parentElement === td) return;
    if (td.dataset.chosen && document.activeElement === td) return this.begin(td);
    this.box.querySelectorAll('[data-chosen]').forEach((other) => { delete /** @type {HTMLElement} */ (other).dataset.chosen; });
    td.focus({ preventScroll: true });
    td.dataset.chosen = '1';
  }

  /** @param {HTMLElement|null} td @param {string} [text] instead of what it holds */
  begin(td, text) {
    const cell = this.cell();
    if (!td || !cell || this.input || this.on.locked()) return;
    const before = td.textContent || '';
    const list = cell.column.choices?.length ? el('datalist', { id: 'choices' }, cell.column.choices.map((c) => el('option', { value: c }))) : null;
    const input = el('input', { type: 'text', value: text ?? before, 'aria-label': `${cell.column.title}, ${t('data_row', { n: String(cell.row.row) })}`, list: list ? 'choices' : null, autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'cell-help' });
    this.input = input;
    fill(td, input, list);
    td.classList.add('editing');
    input.focus();
    if (text === undefined) input.select();
    let over = false;
    const end = (/** @type {boolean} */ keep) => {
      if (over) return;
      over = true;
      this.input = null;
      const value = keep ? input.value.trim() : before;
      td.classList.remove('editing');
      fill(td, value);
      if (value !== before) {
        td.classList.add('saving');
        this.on.edit([{ row: cell.row.row, column: cell.column.id, value }]);
      }
    };
    input.addEventListener('blur', () => end(true));
    input.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => {
      e.stopPropagation();
      if (e.key === 'Escape') {
        e.preventDefault();
        end(false);
        td.focus();
      } else if (e.key === 'Enter' || e.key === 'Tab') {
        e.preventDefault();
        end(true);
        td.focus();
        if (e.key === 'Enter') this.move(e.shiftKey ? -1 : 1, 0);
        else this.move(0, e.shiftKey ? -1 : 1);
      }
    });
  }

  /** @param {number} down @param {number} right */
  move(down, right) {
    if (!this.page || !this.at) return;
    const at = this.at;
    const rows = this.page.rows;
    const columns = this.page.columns;
    const row = rows.findIndex((r) => r.row === at.row) + down;
    const column = Math.min(columns.length - 1, Math.max(0, columns.findIndex((c) => c.id === at.column) + right));
    if (down && (row < 0 || row >= rows.length)) {
      const edge = rows[row < 0 ? 0 : rows.length - 1];
      if (Math.abs(down) === 1 || (edge.row === at.row && !right)) return this.on.beyond(down < 0 ? -1 : 1, at.column);
      return this.focus(edge.row, columns[column].id);
    }
    if (rows[row]) this.focus(rows[row].row, columns[column].id);
  }

  /** @param {KeyboardEvent} e */
  key(e) {
    const td = this.target(e);
    if (!td || this.input || e.altKey) return;
    const far = 100000;
    const command = e.ctrlKey || e.metaKey;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => this.move(1, 0), ArrowUp: () => this.move(-1, 0),
      ArrowRight: () => this.move(0, 1), ArrowLeft: () => this.move(0, -1),
      PageDown: () => this.move(15, 0), PageUp: () => this.move(-15, 0),
      Home: () => this.move(command ? -far : 0, -far), End: () => this.move(command ? far : 0, far),
      Enter: () => this.begin(td), F2: () => this.begin(td),
      Delete: () => this.clear(td), Backspace: () => this.begin(td, ''),
    };
    const run = keys[e.key];
    if (run && (!command || e.key === 'Home' || e.key === 'End')) {
      e.preventDefault();
      run();
    } else if (e.key.length === 1 && !command) {
      e.preventDefault();
      this.begin(td, e.key);
    }
  }

  /** @param {HTMLElement} td */
  clear(td) {
    const cell = this.cell();
    if (!cell || !td.textContent || this.on.locked()) return;
    fill(td);
    this.on.edit([{ row: cell.row.row, column: cell.column.id, value: '' }]);
  }

  /** @param {ClipboardEvent} e */
  copy(e) {
    const td = this.target(e);
    if (!td || this.input || String(getSelection())) return;
    e.clipboardData?.setData('text/plain', td.textContent || '');
    e.preventDefault();
  }

  /** A block of cells from a spreadsheet fills cells from the active one on. @param {ClipboardEvent} e */
  paste(e) {
    if (this.input || !this.page || !this.at || this.on.locked()) return;
    const at = this.at;
    e.preventDefault();
    const lines = (e.clipboardData?.getData('text/plain') || '').replace(/\r?\n$/, '').split(/\r?\n/).map((l) => l.split('\t'));
    const row = this.page.rows.findIndex((r) => r.row === at.row);
    const column = this.page.columns.findIndex((c) => c.id === at.column);
    /** @type {{row: number, column: string, value: string}[]} */ const edits = [];
    /** @type {string[][]} */ const insert = [];
    const { rows, columns } = this.page;
    const whole = rows.at(-1)?.fresh;
    lines.forEach((cells, i) => {
      const r = rows[row + i];
      if (r && !r.fresh) {
        cells.forEach((value, j) => {
          const c = columns[column + j];
          if (c && (r.cells[column + j] ?? '') !== value.trim()) edits.push({ row: r.row, column: c.id, value: value.trim() });
        });
      } else if (whole) insert.push([...Array(column).fill(''), ...cells.map((v) => v.trim())].slice(0, columns.length));
    });
    if (edits.length || insert.length) this.on.edit(edits, insert);
  }
}
