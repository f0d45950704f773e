/* The page of a video. */
import { addresses, find, get, named } from './api.js';
import { quarantineVideo, retryVideo } from './actions.js';
import { byId, fill, link, make, say } from './dom.js';
import { begin, missing, name as nameOf, problem } from './frame.js';
import { follow, seldom } from './live.js';
import { player } from './player.js';
import { units } from './units.js';
import { clock, date, plural } from './words.js';

const { duration, length, percent, whole, sum, top, swatch } = Charts;
const { run, video: id } = named();
let detail = null;
let hasPredictions = false;

function introduce() {
  const { row } = detail;
  const said = { waiting: 'Its turn has not come', processing: `In work: ${row.stage}`, completed: 'Completed', quarantined: 'Quarantined', cancelled: 'Given up with its run' }[row.state] ?? row.state;
  const facts = [];
  if (row.seconds > 0) facts.push(`${length(row.seconds)} long`);
  if (row.frames > 0) facts.push(row.state === 'processing' ? `${whole(row.frames_done)} of ${plural(row.frames, 'frame')}` : plural(row.frames, 'frame'));
  if (row.wall_seconds > 0) facts.push(`${row.state === 'processing' ? 'since' : 'took'} ${duration(row.wall_seconds)}`);
  say(byId('introduction'), [said, ...facts].join(', '));
  badge.className = `badge state ${row.state}`;
  say(badge, row.state);
  fill(byId('notices'), row.cause ? make('p', { class: 'notice' }, make('b', {}, row.stage ? `${row.stage}: ` : ''), row.cause) : null,
    detail.warnings.map(warning => make('p', { class: 'notice quiet' }, warning)));
}

let offered = '';
function offer() {
  const { state } = detail.row;
  const key = `${state}${detail.files.length}${hasPredictions}`;
  if (key === offered) return;
  offered = key;
  const download = (format, words) => link(addresses.video(run, id, `/predictions?format=${format}`), 'button', words);
  fill(byId('actions'),
    state === 'completed' ? [download('csv', 'CSV'), download('parquet', 'Parquet'), download('json', 'JSON')] : null,
    state === 'quarantined' ? make('button', { type: 'button', class: 'main', onclick: async () => { if (await retryVideo(run, id)) ask(); } }, 'Retry') : null,
    state === 'waiting' || state === 'processing' ? make('button', { type: 'button', onclick: async () => { if (await quarantineVideo(run, id)) ask(); } }, 'Quarantine …') : null);
}

function draw() {
  introduce();
  offer();
  const fact = (name, ...values) => [make('dt', {}, name), make('dd', {}, ...values)];
  fill(byId('facts'),
    fact('File', make('code', {}, detail.uri)),
    fact('Place in the run', whole(detail.row.index + 1)),
    fact('Revision', whole(detail.revision)),
    detail.content_hash ? fact('Content', make('code', {}, detail.content_hash.slice(0, 16)), ' (SHA-256)') : [],
    detail.files.length > 0 ? fact('Predictions', detail.files.join(', ')) : [],
    fact('Its file', link(addresses.video(run, id, '/media'), null, 'open')));
  fill(byId('history'), detail.timeline.length === 0 ? make('li', { class: 'more' }, 'Nothing yet.') : detail.timeline.map(happening =>
    make('li', {}, make('time', { datetime: happening.at, title: date(happening.at) }, clock(happening.at)), make('span', {}, happening.what, happening.node ? make('span', { class: 'muted' }, ` on ${happening.node}`) : null))));
  say(byId('units-of'), detail.units.length > 0 ? `${plural(detail.units.length, 'unit')} of work, ${plural(sum(detail.units.map(unit => unit.attempts)), 'attempt')}` : '');
  units(byId('units'), detail.units);
  byId('tool-section').hidden = detail.tool_output.length === 0;
  say(byId('tool'), detail.tool_output.join('\n'));
}

/** The classes of the moment that is shown, beside the picture. */
function nowPanel(classes) {
  const label = make('b', {});
  const time = make('span', { class: 'muted' });
  const signs = make('p', { class: 'more' });
  const rows = classes.map((className, index) => {
    const bar = make('div', { class: 'bar' });
    bar.style.background = `var(--class-${index})`;
    const value = make('dd', { class: 'value' });
    return { bar, value, parts: [make('dt', {}, swatch(index), className), make('dd', { class: 'track' }, bar), value] };
  });
  fill(byId('now'), make('p', { class: 'label' }, label, time), make('dl', { class: 'bars' }, rows.map(row => row.parts)), signs);
  return (seconds, shown) => {
    say(label, classes[shown.label]);
    say(time, Charts.time(seconds, 1));
    rows.forEach((row, index) => {
      row.bar.hidden = shown.shares[index] < 0.001;
      row.bar.style.width = `${shown.shares[index] * 100}%`;
      say(row.value, percent(shown.shares[index]));
    });
    say(signs, `${['no face', 'face in part', 'face'][shown.face]}, ${shown.audio ? 'sound' : 'no sound'}`);
  };
}

async function showPredictions() {
  const found = await find(addresses.video(run, id, '/timeline'));
  if (!found || hasPredictions) return;
  hasPredictions = true;
  byId('predictions').hidden = false;
  const most = top(found.labels);
  const said = [`${plural(found.frames, 'frame')}, ${length(found.end - found.start)}, face in ${percent(found.faces)}, ${found.classes[most]} ${percent(found.labels[most] / Math.max(1, sum(found.labels)))}`];
  if (found.imputed > 0) said.push(`${whole(found.imputed)} imputed`);
  if (found.undecoded > 0) said.push(`${whole(found.undecoded)} not decoded`);
  const show = nowPanel(found.classes);
  let at = found.start;
  const timeline = Charts.timeline(found, found.classes, `Probabilities over time: ${said.join(', ')}. Space plays.`, seconds => screen.seek(seconds));
  const moved = seconds => {
    at = seconds;
    show(seconds, timeline.point(seconds));
  };
  fill(byId('timeline'), make('header', {}, Charts.legend(found.classes), make('p', { class: 'more' }, said.join(' · '))), timeline);
  const screen = player(run, id, byId('screen'), moved);
  timeline.addEventListener('keydown', event => {
    if (event.key !== ' ') return;
    event.preventDefault();
    screen.toggle();
  });
  new ResizeObserver(() => moved(at)).observe(timeline);
}

async function ask() {
  try {
    detail = await get(addresses.video(run, id));
    problem(null);
    draw();
    if (detail.row.state === 'completed' && !hasPredictions) await showPredictions();
  } catch (error) {
    if (error.status === 404 && !detail) { stop?.(); missing(error); }
    else problem(error);
    if (!detail) byId('introduction').textContent = '';
  }
}

begin();
nameOf(id, link('/', null, 'Overview'), link(addresses.runPage(run), null, run));
const badge = make('span', { class: 'badge' });
fill(byId('name'), `${id} `, badge);
let stop = null;
ask();

/** Its chunks are asked for again where it has moved; its frames are told with the progress. */
const again = seldom(5_000, ask);
let last = '';
stop = follow(addresses.run(run, '/events'), {
  progress(event) {
    const mine = event.progress.in_flight.find(video => video.id === id);
    const stood = JSON.stringify(mine ?? null);
    if (stood === last || !detail) return;
    const isOther = (mine?.stage ?? null) !== (last ? JSON.parse(last)?.stage ?? null : null);
    last = stood;
    if (mine && detail.row.state === 'processing') {
      detail.row = { ...detail.row, stage: mine.stage, frames_done: mine.frames_done, frames: mine.frames, seconds: mine.seconds };
      introduce();
    }
    if (isOther) again();
  },
  happened(event) {
    const happenings = Array.isArray(event) ? event : event.happened ?? [event];
    if (happenings.some(happening => happening.video === id)) again();
  },
});
