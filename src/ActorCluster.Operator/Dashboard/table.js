/*
 * A table of any number of rows, of which only those in sight are in the page and only pages of rows around them are asked for. It is built of grid cells with
 * the roles of a table, since a real one cannot have rows that are not there.
 */
import { fill, make, say } from './dom.js';

const PageRows = 200;
const KeptPages = 40;
const Margin = 8;
/** How long scrolling has to rest, in milliseconds, until what is in sight is asked for. */
const Settled = 100;
/** Browsers cannot lay out much more; beyond it, scrolling passes several rows at a time. */
const TallestPixels = 8_000_000;

/**
 * @param options {label, columns: [{name, title, sort, className, show(row, cell)}], hrefOf(row), load({skip, take, sort, order}, signal) -> {matches, rows}, failed(error), changed(),
 * sort, order}
 */
export class VirtualTable {
  #options;
  #pages = new Map();
  #asked = new Map();
  #rows = new Map();
  #matches = 0;
  #height = 34;
  #current = 0;
  #generation = 0;
  #frame = 0;
  #timer = 0;

  constructor(options) {
    this.#options = options;
    this.sort = options.sort;
    this.order = options.order;
    this.head = make('div', { role: 'row', class: 'row head', 'aria-rowindex': '1' }, options.columns.map(column => this.#heading(column)));
    this.body = make('div', { role: 'rowgroup', class: 'rows' });
    this.nothing = make('p', { class: 'more nothing', hidden: true });
    this.grid = make('div', { role: 'table', 'aria-label': options.label, class: 'grid' }, make('div', { role: 'rowgroup', class: 'heads' }, this.head), this.body);
    this.element = make('div', { class: 'virtual', tabindex: '-1' }, this.grid, this.nothing);
    this.element.addEventListener('scroll', () => this.#draw(), { passive: true });
    this.body.addEventListener('keydown', event => this.#key(event));
    this.body.addEventListener('focusin', event => this.#current = Number(event.target.closest('.row').dataset.at));
    new ResizeObserver(() => this.#measure()).observe(this.element);
  }

  get matches() { return this.#matches; }

  /** Asks anew, from the top: what is listed, or how it is sorted, has changed. */
  restart() {
    this.#forget();
    this.element.scrollTop = 0;
    this.#current = 0;
    this.element.classList.add('stale');
    this.#draw();
  }

  /** Asks again for what is in sight; what is shown stays until the answer is there, and where one has scrolled to stays anyway. */
  refresh() {
    for (const [page, rows] of this.#pages) rows.isOld = true;
    this.#draw();
  }

  /** Whether a row in sight is like that. */
  shows(is) { return [...this.#rows.values()].some(row => row.data && is(row.data)); }

  /** Shows what else is known of rows, by their place in the manifest; `change` returns a new row, or the same. */
  patch(change) {
    for (const rows of this.#pages.values()) {
      for (let at = 0; at < rows.length; at++) rows[at] = change(rows[at]);
    }
    this.#draw();
  }

  #heading(column) {
    const heading = make('div', { role: 'columnheader', class: `cell ${column.className ?? ''}` });
    if (!column.sort) {
      heading.append(column.title);
      return heading;
    }
    heading.dataset.sort = column.sort;
    heading.append(make('button', {
      type: 'button',
      onclick: () => {
        this.order = this.sort === column.sort && this.order === 'asc' ? 'desc' : 'asc';
        this.sort = column.sort;
        this.#showOrder();
        this.#options.changed();
        this.restart();
      },
    }, column.title));
    return heading;
  }

  #showOrder() {
    for (const heading of this.head.children) {
      if (heading.dataset.sort === this.sort) heading.setAttribute('aria-sort', this.order === 'asc' ? 'ascending' : 'descending');
      else heading.removeAttribute('aria-sort');
    }
  }

  #forget() {
    this.#generation++;
    for (const asking of this.#asked.values()) asking.abort();
    this.#asked.clear();
    this.#pages.clear();
  }

  #measure() {
    const height = parseFloat(getComputedStyle(this.element).getPropertyValue('--row')) || 34;
    if (height !== this.#height) {
      const first = this.#topRow();
      this.#height = height;
      this.#size();
      this.element.scrollTop = first * height / this.#scale();
    }
    this.#showOrder();
    this.#draw();
  }

  #room() { return Math.max(0, this.element.clientHeight - this.head.offsetHeight); }

  /** How many pixels of rows a pixel of scrolling passes. */
  #scale() {
    const full = this.#matches * this.#height;
    return full <= TallestPixels ? 1 : (full - this.#room()) / (TallestPixels - this.#room());
  }

  #topRow() { return this.element.scrollTop * this.#scale() / this.#height; }

  #size() {
    this.body.style.height = `${Math.min(TallestPixels, this.#matches * this.#height)}px`;
    this.grid.setAttribute('aria-rowcount', String(this.#matches + 1));
  }

  #draw() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#show();
    });
  }

  #show() {
    const top = this.#topRow();
    const first = Math.max(0, Math.floor(top) - Margin);
    const last = Math.min(this.#matches - 1, Math.ceil(top + this.#room() / this.#height) + Margin);
    const offset = this.element.scrollTop - top * this.#height;
    for (const [at, row] of this.#rows) {
      if ((at < first || at > last) && (at >= this.#matches || !row.contains(document.activeElement))) {
        row.remove();
        this.#rows.delete(at);
      }
    }
    for (let at = first; at <= last; at++) this.#place(at);
    for (const [at, row] of this.#rows) row.style.transform = `translateY(${at * this.#height + offset}px)`;
    this.#want(Math.floor(first / PageRows), Math.floor(Math.max(first, last) / PageRows));
  }

  #place(at) {
    let row = this.#rows.get(at);
    if (!row) {
      row = make('div', { role: 'row', class: 'row', 'aria-rowindex': String(at + 2) }, this.#options.columns.map(column => make('div', { role: 'cell', class: `cell ${column.className ?? ''}` })));
      row.dataset.at = at;
      this.#rows.set(at, row);
      // Rows are in the page in their order, for those who read it without looking.
      const after = [...this.body.children].find(other => Number(other.dataset.at) > at);
      this.body.insertBefore(row, after ?? null);
    }
    const data = this.#pages.get(Math.floor(at / PageRows))?.[at % PageRows];
    const anchor = row.querySelector('a');
    if (anchor) anchor.tabIndex = at === this.#current ? 0 : -1;
    // While a new order or filter is asked for, what was there stays in sight, pale.
    if (data ? row.data === data : row.data && this.element.classList.contains('stale')) return;
    row.data = data;
    row.classList.toggle('empty', !data);
    this.#options.columns.forEach((column, index) => {
      const cell = row.children[index];
      if (!data) say(cell, '');
      else column.show(data, cell);
    });
    const made = row.querySelector('a');
    if (made) made.tabIndex = at === this.#current ? 0 : -1;
  }

  /** Asks for the pages in sight, and lets go of questions whose answers are out of sight. Waits a moment while one scrolls past. */
  #want(first, last) {
    for (const [page, asking] of this.#asked) {
      if (page < first || page > last) {
        asking.abort();
        this.#asked.delete(page);
      }
    }
    clearTimeout(this.#timer);
    const missing = [];
    for (let page = first; page <= last; page++) {
      const known = this.#pages.get(page);
      if ((!known || known.isOld) && !this.#asked.has(page)) missing.push(page);
    }
    if (missing.length > 0) this.#timer = setTimeout(() => missing.forEach(page => this.#ask(page)), this.#pages.size === 0 ? 0 : Settled);
  }

  async #ask(page) {
    const asking = new AbortController();
    const generation = this.#generation;
    this.#asked.set(page, asking);
    try {
      const found = await this.#options.load({ skip: page * PageRows, take: PageRows, sort: this.sort, order: this.order }, asking.signal);
      if (generation !== this.#generation) return;
      this.#pages.delete(page);
      this.#pages.set(page, found.rows);
      if (this.#pages.size > KeptPages) this.#pages.delete(this.#pages.keys().next().value);
      this.#matches = found.matches;
      this.nothing.hidden = found.matches > 0;
      fill(this.nothing, 'No video is like that.');
      this.#size();
      this.element.classList.remove('stale');
      this.#options.changed();
    } catch (error) {
      if (error.name !== 'AbortError') {
        // What is shown stays; scrolling, or the next event, asks again.
        const known = this.#pages.get(page);
        if (known) known.isOld = false;
        this.#options.failed(error);
        return;
      }
    } finally {
      if (this.#asked.get(page) === asking) this.#asked.delete(page);
    }
    this.#draw();
  }

  #key(event) {
    const page = Math.max(1, Math.floor(this.#room() / this.#height) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.#matches, End: this.#matches };
    if (!(event.key in moves) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#focus(Math.max(0, Math.min(this.#matches - 1, this.#current + moves[event.key])));
  }

  #focus(at) {
    const top = this.#topRow();
    const rows = this.#room() / this.#height;
    if (at < top) this.element.scrollTop = at * this.#height / this.#scale();
    else if (at + 1 > top + rows) this.element.scrollTop = (at + 1 - rows) * this.#height / this.#scale();
    this.#current = at;
    this.#show();
    const move = () => this.#rows.get(at)?.querySelector('a')?.focus({ preventScroll: true });
    move();
    // Its row may still be on its way.
    if (document.activeElement?.closest('.row')?.dataset.at !== String(at)) this.#awaited(at, move);
  }

  #awaited(at, move, tries = 40) {
    setTimeout(() => {
      if (this.#current !== at || tries === 0) return;
      if (this.#rows.get(at)?.querySelector('a')) move();
      else this.#awaited(at, move, tries - 1);
    }, 50);
  }
}
