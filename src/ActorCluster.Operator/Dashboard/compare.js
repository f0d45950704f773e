/* Two runs on the same videos. */
import { addresses, find, get } from './api.js';
import { byId, fill, link, make, say, stackedBar } from './dom.js';
import { begin, name as nameOf, problem } from './frame.js';
import { plural } from './words.js';

const { percent, whole, sum } = Charts;
const ListedVideos = 100;

const [a, b] = [byId('a'), byId('b')];
const bar = stackedBar('progress');
let asking = null;

function label(classes, name) {
  const index = classes.indexOf(name);
  return make('span', { class: 'label' }, index >= 0 ? Charts.swatch(index) : null, name);
}

function tiles(found) {
  const tile = (name, value, note) => make('div', {}, make('dt', {}, name), make('dd', {}, value, make('small', {}, note)));
  const difference = found.f1 ? found.f1.b.macro_f1 - found.f1.a.macro_f1 : 0;
  fill(byId('tiles'),
    tile('Agreement', found.frames > 0 ? percent(found.agreement) : '–', `of ${plural(found.frames, 'frame')}`),
    tile('Videos', whole(found.compared), `of ${whole(found.common)} completed in both`),
    tile('Run A', found.a.pipeline, found.a.run),
    tile('Run B', found.b.pipeline, found.b.run),
    found.f1 ? tile('Macro F1', `${found.f1.a.macro_f1.toFixed(3)} → ${found.f1.b.macro_f1.toFixed(3)}`, `${difference >= 0 ? '+' : '−'}${Math.abs(difference).toFixed(3)} over ${plural(found.f1.frames, 'labelled frame')}`) : null);
}

function scores(found) {
  byId('f1-section').hidden = !found.f1;
  if (!found.f1) return;
  const { a: first, b: second, frames } = found.f1;
  say(byId('f1-of'), `over ${plural(frames, 'labelled frame')}`);
  const rail = (one, other) => {
    const made = make('div', { class: 'dumbbell', 'aria-hidden': 'true' }, make('div', { class: 'between' }), make('i', { class: 'of-a' }), make('i', { class: 'of-b' }));
    const [between, dotA, dotB] = made.children;
    between.style.left = `${Math.min(one, other) * 100}%`;
    between.style.width = `${Math.abs(other - one) * 100}%`;
    dotA.style.left = `${one * 100}%`;
    dotB.style.left = `${other * 100}%`;
    return made;
  };
  const row = (name, one, other) => make('tr', {}, make('th', { scope: 'row' }, name),
    make('td', { class: 'number', 'data-name': 'A' }, one.toFixed(3)), make('td', { class: 'number', 'data-name': 'B' }, other.toFixed(3)),
    make('td', { class: 'number', 'data-name': 'B − A' }, `${other >= one ? '+' : '−'}${Math.abs(other - one).toFixed(3)}`), make('td', { class: 'rails' }, rail(one, other)));
  const heading = (text, className) => make('th', { scope: 'col', class: className }, text);
  fill(byId('f1'), make('table', { class: 'compact' },
    make('thead', {}, make('tr', {}, heading('Class'), heading(make('span', { class: 'of-a' }, 'A'), 'number'), heading(make('span', { class: 'of-b' }, 'B'), 'number'), heading('B − A', 'number'), heading('0 to 1'))),
    make('tbody', {}, found.classes.map((name, index) => row(name, first.class_f1[index], second.class_f1[index])),
      row('Macro F1', first.macro_f1, second.macro_f1), row('Accuracy', first.accuracy, second.accuracy))));
}

async function both(found, video) {
  byId('both-section').hidden = false;
  const place = byId('both');
  fill(place, make('p', { class: 'more' }, 'Asking for both timelines …'));
  place.focus({ preventScroll: true });
  byId('both-section').scrollIntoView({ block: 'nearest' });
  try {
    const drawn = await Promise.all([['A', found.a.run], ['B', found.b.run]].map(async ([letter, run]) => {
      const timeline = await find(addresses.video(run, video, '/timeline'));
      return make('div', { class: 'one' },
        make('h3', {}, make('span', { class: `of-${letter.toLowerCase()}` }, letter), ' ', link(addresses.videoPage(run, video), null, run)),
        timeline ? Charts.timeline(timeline, timeline.classes, `Probabilities over time in run ${run}`) : make('p', { class: 'more' }, 'It has no predictions.'));
    }));
    fill(place, make('header', {}, make('h3', {}, video), Charts.legend(found.classes)), drawn);
  } catch (error) {
    fill(place, make('p', { class: 'bad' }, error.message));
  }
}

function videos(found) {
  if (found.videos.length === 0) {
    fill(byId('videos'), make('p', { class: 'more' }, found.common === 0 ? 'No video with the same id and the same content is completed in both.' : 'No video compared yet.'));
    return;
  }
  const heading = (text, className) => make('th', { scope: 'col', class: className }, text);
  const f1 = value => (value === null || value === undefined ? '–' : value.toFixed(3));
  fill(byId('videos'), make('table', {},
    make('thead', {}, make('tr', {}, heading('Video'), heading('Agreement', 'number'), heading('Frames', 'number'), heading('Mostly, A'), heading('Mostly, B'), found.f1 ? [heading('F1 A', 'number'), heading('F1 B', 'number')] : null, heading('Pages'))),
    make('tbody', {}, found.videos.map(video => make('tr', {},
      make('th', { scope: 'row' }, make('button', { type: 'button', class: 'as-link', title: 'Show both timelines', onclick: () => both(found, video.video) }, video.video)),
      make('td', { class: 'number', 'data-name': 'Agreement' }, percent(video.agreement)),
      make('td', { class: 'number', 'data-name': 'Frames' }, whole(video.frames)),
      make('td', { 'data-name': 'A' }, label(found.classes, video.a_label)), make('td', { 'data-name': 'B' }, label(found.classes, video.b_label)),
      found.f1 ? [make('td', { class: 'number', 'data-name': 'F1 A' }, f1(video.a_f1)), make('td', { class: 'number', 'data-name': 'F1 B' }, f1(video.b_f1))] : null,
      make('td', { class: 'links' }, link(addresses.videoPage(found.a.run, video.video), null, 'in A'), ' · ', link(addresses.videoPage(found.b.run, video.video), null, 'in B')))))));
}

function draw(found) {
  byId('result').hidden = false;
  const share = found.compared / Math.max(1, found.common);
  const isDone = found.compared >= found.common;
  byId('progress').hidden = isDone;
  bar.show([{ share, className: 'done' }], `${percent(share)} compared`);
  say(byId('introduction'), isDone
    ? `${plural(found.common, 'video')} with the same content, completed in both.`
    : `Comparing: ${whole(found.compared)} of ${plural(found.common, 'video')} …`);
  const said = (found.left_out_videos ?? []).map(video => `${video.video}: ${video.why}`);
  if (found.left_out > said.length) said.push(`and ${whole(found.left_out - said.length)} more`);
  fill(byId('notices'),
    said.length > 0 ? make('details', { class: 'notice quiet' }, make('summary', {}, `${plural(found.left_out, 'video')} could not be compared`), make('ul', { class: 'plain' }, said.map(words => make('li', {}, words)))) : null,
    (found.notices ?? []).map(words => make('p', { class: 'notice quiet' }, words)));
  tiles(found);
  say(byId('matrix-of'), 'frames by label: rows are A, columns are B, shaded by their share of the row');
  fill(byId('matrix'), Charts.matrix(found.matrix, found.classes, 'A, B', { name: 'same', values: found.matrix.map((row, at) => (sum(row) > 0 ? percent(row[at] / sum(row)) : '–')) }));
  scores(found);
  videos(found);
}

/** Each question compares for a moment and goes on where the last one stopped. */
async function compare() {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  byId('both-section').hidden = true;
  problem(null);
  if (!a.value || !b.value) return;
  if (a.value === b.value) {
    byId('result').hidden = byId('progress').hidden = true;
    byId('introduction').textContent = 'Choose two runs that differ.';
    return;
  }
  nameOf(`${a.value} and ${b.value}`);
  byId('introduction').textContent = 'Comparing …';
  try {
    for (let found = null; !found || found.compared < found.common;) {
      const before = found?.compared ?? -1;
      found = await get(`/v1/compare?a=${encodeURIComponent(a.value)}&b=${encodeURIComponent(b.value)}&take=${ListedVideos}`, signal);
      if (signal.aborted) return;
      draw(found);
      if (found.compared === before) await new Promise(go => setTimeout(go, 1000));
    }
  } catch (error) {
    if (signal.aborted) return;
    byId('result').hidden = byId('progress').hidden = true;
    byId('introduction').textContent = '';
    problem(error);
  }
}

function chosen() {
  history.pushState(null, '', `/compare?a=${encodeURIComponent(a.value)}&b=${encodeURIComponent(b.value)}`);
  compare();
}

function fromAddress(runs) {
  const asked = new URLSearchParams(location.search);
  const names = runs.map(run => run.name);
  for (const [select, key, other] of [[a, 'a', 1], [b, 'b', 0]]) {
    const wanted = asked.get(key);
    if (wanted && !names.includes(wanted)) select.append(make('option', { value: wanted }, wanted));
    select.value = wanted ?? names[other] ?? names[0] ?? '';
  }
  compare();
}

begin();
byId('progress').append(bar);
byId('progress').hidden = true;
byId('choice').addEventListener('submit', event => event.preventDefault());
for (const select of [a, b]) select.addEventListener('change', chosen);
byId('swap').addEventListener('click', () => {
  [a.value, b.value] = [b.value, a.value];
  chosen();
});
try {
  const { runs } = await get('/v1/runs');
  for (const select of [a, b]) select.append(...runs.map(run => make('option', { value: run.name }, `${run.name} (${run.pipeline}, ${plural(run.videos, 'video')})`)));
  if (runs.length < 2) byId('introduction').textContent = 'There are not two runs to compare yet.';
  else fromAddress(runs);
  addEventListener('popstate', () => fromAddress(runs));
} catch (error) {
  problem(error);
}
