/* The page of a run. */
import { addresses, find, get, named } from './api.js';
import { exportRun, runButtons } from './actions.js';
import { differences } from './differences.js';
import { byId, fill, keyed, link, make, say, stackedBar } from './dom.js';
import { begin, missing, name as nameOf, problem } from './frame.js';
import { follow, seldom } from './live.js';
import { sparkline } from './sparkline.js';
import { videoTable } from './videos.js';
import { about, clock, counts, date, left, moment, pace as paceWords, phase, plural } from './words.js';

const { whole, duration, percent } = Charts;
const LoggedMost = 300;
const Stalled = 30;

const { run } = named();
let progress = null;
let pace = null;

const bar = stackedBar('progress tall');
const spark = sparkline('large');
const paceLine = make('p', { class: 'about' });
const stages = make('p', { class: 'about' });
const slowest = make('div', { class: 'list' });
const notices = byId('notices');
const tiles = new Map();

function tile(name, value, note, href) {
  let known = tiles.get(name);
  if (!known) {
    const text = make('span', {});
    const small = make('small', {});
    known = { text, small, href: null };
    known.dd = make('dd', {}, text, small);
    tiles.set(name, known);
    byId('tiles').append(make('div', {}, make('dt', {}, name), known.dd));
  }
  if (known.href !== (href ?? null)) {
    known.href = href ?? null;
    known.text = href ? link(href, 'bad') : make('span', {});
    known.dd.firstChild.replaceWith(known.text);
  }
  say(known.text, value);
  say(known.small, note ?? '');
}

const pausedBecause = reason => (reason.startsWith('paused') ? `P${reason.slice(1)}.` : `Paused: ${reason}`);

function drawProgress() {
  const [state, look] = phase(progress);
  const over = progress.is_completed || state === 'ended';
  const introduction = `${counts(progress)}. Pipeline ${progress.pipeline}${progress.started_at ? `, begun ${date(progress.started_at)}` : ''}${progress.ended_at ? `, ended ${date(progress.ended_at)}` : ''}.`;
  say(byId('introduction'), introduction);
  const all = Math.max(1, progress.registered);
  bar.show([
    { share: progress.completed / all, className: 'done' },
    { share: progress.quarantined / all, className: 'failed' },
    { share: progress.cancelled / all, className: 'given-up' }], `${percent(progress.completed / all)} completed`);
  tile('Videos', whole(progress.registered), `${percent(progress.completed / all)} completed`);
  tile('Quarantined', whole(progress.quarantined), progress.quarantined > 0 ? 'show them' : 'none', progress.quarantined > 0 ? addresses.failedPage(run) : null);
  tile('Frames', whole(progress.frames), `${duration(progress.video_seconds)} of video`);
  if (over) {
    const took = progress.ended_at && progress.started_at ? (moment(progress.ended_at) - moment(progress.started_at)) / 1000 : 0;
    tile('Took', took > 0 ? duration(took) : '–', took > 0 ? `${Charts.number(progress.video_seconds / took)} × real time, waits included` : '');
  } else {
    tile('In flight', whole(pace?.stages.reduce((sum, stage) => sum + stage.videos, 0) ?? progress.in_flight.length), 'videos');
    const time = state === 'paused' ? { text: '–', note: 'the clock stands' } : left(pace?.rates ?? [], pace?.seconds_left ?? 0, pace?.seconds_left_error ?? 0);
    tile('Left', time.text, time.note);
  }
  const said = [[progress.paused_reason, pausedBecause(progress.paused_reason)], [progress.trouble, `Retrying: ${progress.trouble}`]].filter(([is]) => is).map(([, words]) => words);
  keyed(notices, said, words => words, words => ({ element: make('p', { class: 'notice' }, words), update() {} }));
  badge.className = `badge ${look}`;
  say(badge, state);
  buttons(progress);
  byId('why').hidden = over;
}

function drawPace() {
  spark.show(pace.rates, pace.block_seconds);
  say(paceLine, pace.rates.length > 0
    ? `${paceWords(pace.rates)} real time: seconds of video a second, over the last ${about(pace.rates.length * pace.block_seconds)} of work`
    : 'No pace yet: the first videos have not got far enough.');
  say(stages, pace.stages.map(stage => `${whole(stage.videos)} ${stage.stage}`).join(', '));
  keyed(slowest, pace.slowest.slice(0, 5), video => video.id, first => {
    const words = make('span', { class: 'muted' });
    const still = make('span', {});
    return {
      element: make('div', { class: 'item' }, make('div', {}, first.id.endsWith('…') ? make('span', {}, first.id) : link(addresses.videoPage(run, first.id), null, first.id), words), still),
      update(video) {
        say(words, `${video.stage}${video.frames > 0 ? `, ${whole(video.frames_done)} of ${plural(video.frames, 'frame')}` : ''}`);
        const stands = video.still_seconds >= Stalled;
        say(still, stands ? `stands still ${duration(video.still_seconds)}` : duration(video.seconds));
        still.className = stands ? 'number bad' : 'number';
      },
    };
  });
}

function drawExplanation(lines) {
  keyed(byId('explanation'), lines, line => line, line => ({ element: make('li', {}, line), update() {} }));
}

function drawTotals(totals) {
  const hasFrames = totals.frames > 0;
  say(byId('labels-of'), hasFrames ? `of ${plural(totals.frames, 'frame')}, face in ${percent(totals.face_frames / totals.frames)}` : '');
  fill(byId('labels'), hasFrames ? Charts.bars(totals.labels, totals.classes, '') : make('p', { class: 'more' }, 'No video is completed.'));
  const causes = totals.causes ?? [];
  say(byId('causes-of'), causes.length > 0 ? plural(progress?.quarantined ?? 0, 'video') : '');
  if (causes.length === 0) {
    fill(byId('causes'), make('p', { class: 'more' }, 'No video is quarantined.'));
    return;
  }
  fill(byId('causes'), causes.slice(0, 8).map(cause => make('div', { class: 'item' },
    make('div', {},
      make('a', { href: addresses.failedPage(run, cause.cause), onclick: event => { event.preventDefault(); table.choose('quarantined', cause.cause.slice(0, 200)); } }, cause.cause),
      make('span', { class: 'muted' }, cause.stage)),
    make('span', { class: 'number' }, plural(cause.videos, 'video')))));
}

const askTotals = seldom(15_000, async () => {
  try {
    const totals = await find(addresses.run(run, '/totals'));
    if (totals) drawTotals(totals);
  } catch (error) { problem(error); }
});

function logged(event) {
  const log = byId('log');
  const isAtTop = log.parentElement.scrollTop < 8;
  const happenings = Array.isArray(event) ? event : event.happened ?? [event];
  for (const happening of happenings) {
    if (happening.what) {
      log.querySelector('.more')?.remove();
      const video = happening.video ? link(addresses.videoPage(run, happening.video), null, happening.video) : null;
      log.prepend(make('li', {}, make('time', {}, clock(happening.at)), make('span', {}, video, video ? ' ' : null, happening.what)));
      if (happening.video) table.touched(happening.video);
    }
    else if (happening.left_out > 0) log.prepend(make('li', {}, make('time', {}, clock(happening.at)), `and ${whole(happening.left_out)} more`));
  }
  while (log.children.length > LoggedMost) log.lastChild.remove();
  if (!isAtTop) log.parentElement.scrollTop += 1; // What one reads stays where it is: browsers anchor it from there on.
  askTotals();
}

begin();
nameOf(run, link('/', null, 'Overview'));
const badge = make('span', { class: 'badge' });
fill(byId('name'), `${run} `, badge);
const buttons = runButtons(byId('actions'), run, [
  link(addresses.run(run, '/report'), 'button', 'Report'),
  make('button', { type: 'button', onclick: () => exportRun(run) }, 'Export')]);
byId('progress').append(bar);
byId('pace').append(spark, paceLine, stages, slowest);
byId('log').append(make('li', { class: 'more' }, 'What happens from now on is listed here.'));
const table = videoTable(run, byId('table'), words => say(byId('matches'), words), problem);
differences(run, byId('differ'), byId('differ-of'));

async function first(rest, show) {
  try {
    const found = await find(addresses.run(run, rest));
    if (found) show(found);
  } catch (error) { problem(error); }
}

get(addresses.run(run)).then(found => {
  progress ??= found;
  drawProgress();
}).catch(error => {
  byId('introduction').textContent = '';
  if (error.status !== 404) { problem(error); return; }
  stop();
  missing(error);
});
first('/pace', found => { pace ??= found; drawPace(); if (progress) drawProgress(); });
first('/explanation', found => drawExplanation(found.lines));
askTotals();

const stop = follow(addresses.run(run, '/events'), {
  progress(event) {
    problem(null);
    const ended = progress && !progress.is_completed && event.progress.is_completed;
    progress = event.progress;
    pace = event.pace ?? pace;
    if (pace) drawPace();
    drawProgress();
    table.inFlight(progress.in_flight);
    if (ended) { askTotals(); table.refresh(); }
  },
  explanation(event) { drawExplanation(event.lines); },
  happened: logged,
});
