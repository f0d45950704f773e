/* What slow and fast videos differ in: a sample of completed videos, drawn as small multiples, and the medians of the slowest tenth against the rest. */
import { addresses, get } from './api.js';
import { fill, link, make } from './dom.js';
import { plural } from './words.js';

const { duration, number, shape, whole, length } = Charts;
const SampledPages = 10;
const SampledRows = 50;
const Fewest = 20;
const [Width, Height] = [220, 130];

const axes = [
  { name: 'Length', of: row => row.seconds, words: length, isLog: true },
  { name: 'Frames a second', of: row => row.frames / row.seconds, words: value => `${number(value)} fps` },
  { name: 'Tries of its worst chunk', of: row => row.attempts, words: value => number(value), isWhole: true },
  { name: 'Place in the run', of: row => row.index + 1, words: value => whole(value) },
];

const median = values => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? 0 : sorted[Math.floor(sorted.length / 2)];
};
const cost = row => row.wall_seconds / row.seconds;

async function sample(run) {
  const path = (skip, take) => addresses.run(run, `/videos?state=completed&sort=index&order=asc&skip=${skip}&take=${take}`);
  const first = await get(path(0, SampledRows));
  const rows = [...first.rows];
  const step = Math.max(SampledRows, Math.floor((first.matches - SampledRows) / (SampledPages - 1)));
  const rest = [];
  for (let page = 1; page < SampledPages && page * step < first.matches; page++) rest.push(get(path(page * step, SampledRows)));
  for (const page of await Promise.all(rest)) rows.push(...page.rows);
  return { of: first.matches, rows: rows.filter(row => row.seconds > 0 && row.wall_seconds > 0) };
}

function scatter(axis, rows, slowest, run) {
  const xs = rows.map(axis.of);
  const scaleOf = (values, isLog) => {
    const map = isLog ? Math.log : value => value;
    const [least, most] = [map(Math.max(1e-9, Math.min(...values))), map(Math.max(...values))];
    return value => (most > least ? (map(value) - least) / (most - least) : 0.5);
  };
  const x = scaleOf(xs, axis.isLog);
  const y = scaleOf(rows.map(cost), true);
  const svg = shape('svg', { viewBox: `0 0 ${Width} ${Height}`, role: 'img', 'aria-label': `Seconds of work per second of video against: ${axis.name}. The list beside has the slowest.` });
  const at = rows.map((row, index) => {
    // Whole numbers lie on top of one another: a little apart, always the same way, they can be seen.
    const apart = axis.isWhole ? ((index * 0.618) % 1 - 0.5) * 10 : 0;
    return [6 + x(xs[index]) * (Width - 12) + apart, Height - 6 - y(cost(row)) * (Height - 12), row];
  });
  for (const isSlow of [false, true]) {
    for (const [cx, cy, row] of at) {
      if (slowest.has(row) !== isSlow) continue;
      const dot = shape('circle', { cx: cx.toFixed(1), cy: cy.toFixed(1), r: isSlow ? 2.8 : 2.2, class: isSlow ? 'slow' : '' });
      const title = shape('title', {});
      title.textContent = `${row.id}: ${axis.words(axis.of(row))}, ${number(cost(row))} s of work a second of video`;
      dot.append(title);
      dot.addEventListener('click', () => location.assign(addresses.videoPage(run, row.id)));
      svg.append(dot);
    }
  }
  return make('figure', {}, make('figcaption', {}, axis.name), svg,
    make('div', { class: 'ends' }, make('span', {}, axis.words(Math.min(...xs))), make('span', {}, axis.words(Math.max(...xs)))));
}

function medians(slow, rest) {
  const rows = [['Work a second of video', cost, value => `${number(value)} s`], ...axes.slice(0, 3).map(axis => [axis.name, axis.of, axis.words])];
  return make('table', { class: 'compact' },
    make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, 'Median of'), make('th', { scope: 'col', class: 'number' }, 'slowest tenth'), make('th', { scope: 'col', class: 'number' }, 'the rest'))),
    make('tbody', {}, rows.map(([name, of, words]) => {
      const [a, b] = [median(slow.map(of)), median(rest.map(of))];
      const isApart = Math.max(a, b) > 1.5 * Math.min(a, b);
      return make('tr', { class: isApart ? 'apart' : null }, make('th', { scope: 'row' }, name), make('td', { class: 'number', 'data-name': 'slowest tenth' }, words(a)), make('td', { class: 'number', 'data-name': 'the rest' }, words(b)));
    })));
}

async function draw(run, place, note) {
  const { of, rows } = await sample(run);
  if (rows.length < Fewest) {
    fill(place, make('p', { class: 'more' }, `Told from ${Fewest} completed videos on; ${plural(rows.length, 'video')} with a known length so far.`));
    return;
  }
  const ordered = [...rows].sort((a, b) => cost(b) - cost(a));
  const slow = ordered.slice(0, Math.ceil(rows.length / 10));
  const slowest = new Set(slow);
  note.textContent = `${rows.length < of ? `${whole(rows.length)} of ` : ''}${plural(of, 'completed video')}: seconds of work per second of video, upwards from ${number(cost(ordered.at(-1)))} to ${number(cost(ordered[0]))}, against what may be why`;
  fill(place,
    make('div', { class: 'multiples' }, axes.map(axis => scatter(axis, rows, slowest, run))),
    make('div', { class: 'beside' },
      medians(slow, ordered.slice(slow.length)),
      make('ol', { class: 'list', 'aria-label': 'The slowest of the sample' }, slow.slice(0, 5).map(row => make('li', { class: 'item' },
        make('div', {}, link(addresses.videoPage(run, row.id), null, row.id), make('span', { class: 'muted' }, `${length(row.seconds)} long, took ${duration(row.wall_seconds)}`)),
        make('span', { class: 'number' }, `${number(cost(row))} s a second`))))));
}

/** Draws them once they come into sight. */
export function differences(run, place, note) {
  new IntersectionObserver(async (entries, observer) => {
    if (!entries.some(entry => entry.isIntersecting)) return;
    observer.disconnect();
    fill(place, make('p', { class: 'more' }, 'Looking at a sample …'));
    try {
      await draw(run, place, note);
    } catch (error) {
      fill(place, make('p', { class: 'more' }, `Not told: ${error.message}`));
    }
  }, { rootMargin: '200px' }).observe(place);
}
