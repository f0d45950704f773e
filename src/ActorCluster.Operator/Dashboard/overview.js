/* The overview: runs at work, what is slow, what failed, the cluster, runs that have ended. */
import { addresses, find, get } from './api.js';
import { nodeButton, runButtons } from './actions.js';
import { byId, fill, keyed, link, make, say, stackedBar } from './dom.js';
import { begin, problem } from './frame.js';
import { follow, seldom } from './live.js';
import { sharesBar, sharesInWords, sharesLegend } from './shares.js';
import { sparkline } from './sparkline.js';
import { ago, bytes, counts, left, pace, phase, plural } from './words.js';

const { whole, percent } = Charts;
const ListedSlow = 6;
const ListedCauses = 6;
const Stalled = 30;

let runs = null;
let nodes = [];
/** Pace and totals by run, for what is slow and what failed. */
const details = new Map();

const isOver = run => phase(run)[0] === 'ended' || run.ended || (phase(run)[0] === 'cancelled' && run.completed + run.quarantined + run.cancelled >= run.videos);

function runCard(first) {
  const name = make('h3', {}, link(addresses.runPage(first.name), null, first.name));
  const badge = make('span', {});
  const about = make('p', { class: 'about' });
  const bar = stackedBar('progress');
  const spark = sparkline();
  const speed = make('b', {});
  const speedNote = make('small', {});
  const eta = make('b', {});
  const note = make('small', {});
  const failed = make('dd', {});
  const lines = make('ol', { class: 'lines' });
  const actions = make('div', { class: 'actions' });
  const buttons = runButtons(actions, first.name);
  const element = make('article', { class: 'panel run' },
    make('header', {}, make('div', {}, name, badge), actions),
    about, bar,
    make('div', { class: 'figures' }, spark, make('dl', {},
      make('div', {}, make('dt', {}, 'Pace'), make('dd', {}, speed, speedNote)),
      make('div', {}, make('dt', {}, 'Left'), make('dd', {}, eta, note)),
      make('div', {}, make('dt', {}, 'Quarantined'), failed))),
    lines);
  let shownFailed = -1;
  return {
    element,
    update(run) {
      const [state, look] = phase(run);
      say(badge, state);
      badge.className = `badge ${look}`;
      say(about, `${counts(run)} · pipeline ${run.pipeline}`);
      const done = run.completed / Math.max(1, run.videos);
      bar.show([
        { share: done, className: 'done', title: `${whole(run.completed)} completed` },
        { share: run.quarantined / Math.max(1, run.videos), className: 'failed', title: `${whole(run.quarantined)} quarantined` },
        { share: run.cancelled / Math.max(1, run.videos), className: 'given-up', title: `${whole(run.cancelled)} cancelled` }], `${percent(done)} completed`);
      const rates = run.rates ?? [];
      spark.show(rates);
      say(speed, state === 'paused' ? '–' : pace(rates));
      say(speedNote, state === 'paused' || rates.length === 0 ? '' : 'real time');
      const time = state === 'paused' ? { text: '–', note: 'the clock stands' } : left(rates, run.seconds_left ?? 0);
      say(eta, time.text);
      say(note, time.note);
      if (shownFailed !== run.quarantined) {
        shownFailed = run.quarantined;
        fill(failed, run.quarantined > 0 ? link(addresses.failedPage(run.name), 'bad', whole(run.quarantined)) : '0');
      }
      // Its counts, its time and its videos are shown beside.
      const said = run.explanation ?? [];
      keyed(lines, said.length === 5 ? [said[1], said[4]] : said, (line, at) => line, line => ({ element: make('li', {}, line), update() {} }));
      buttons(run);
    },
  };
}

function nodeCard(first) {
  const name = make('h3', {}, first.address);
  const badge = make('span', {});
  const about = make('p', { class: 'about' });
  const bar = sharesBar();
  const idle = make('p', { class: 'idle' });
  const encoders = make('ul', { class: 'plain' });
  const actions = make('div', { class: 'actions' });
  let drained = null;
  return {
    element: make('article', { class: 'panel node' }, make('header', {}, make('div', {}, name, badge), actions), about, bar, idle, encoders),
    update(node) {
      const report = node.report;
      const device = report?.device;
      const [state, look] = !node.is_reachable ? ['unreachable', 'bad'] : !report ? [node.silence || 'silent', 'bad'] : report.is_drained ? ['drained', 'muted']
        : node.status !== 'Up' ? [node.status.toLowerCase(), 'muted'] : report.store_present === false ? ['store away', 'bad'] : ['up', 'good'];
      say(badge, state);
      badge.className = `badge ${look}`;
      const said = [(node.roles ?? []).join(', ')];
      if (report) {
        if (device) said.push(`${device.name}, ${report.slots_in_use} of ${plural(report.slots, 'slot')} in use`);
        else if (report.decode_slots > 0) said.push(plural(report.decode_slots, 'decode slot'));
        said.push(plural(report.cores, 'core'), bytes(report.memory_bytes));
      }
      if (node.silence) said.push(node.silence);
      if (node.is_leader) said.push('leader');
      if (node.is_oldest) said.push('hosts the catalogue');
      if (node.is_self) said.push('this node');
      say(about, said.filter(text => text).join(' · '));
      bar.hidden = idle.hidden = !device;
      if (device) {
        bar.update(device.shares);
        say(idle, sharesInWords(device.shares));
      }
      keyed(encoders, device?.encoders ?? [], encoder => encoder.name, () => {
        const element = make('li', {});
        return { element, update(encoder) { say(element, encoder.passes_per_second > 0
            ? `${encoder.name}: batches of ${encoder.batch}, ${percent(encoder.fill)} full, ${Charts.number(encoder.passes_per_second)} passes/s`
            : `${encoder.name}: idle`); } };
      });
      const isDrained = report?.is_drained ?? null;
      if (drained !== isDrained) {
        drained = isDrained;
        fill(actions, isDrained === null ? null : nodeButton(node.address, isDrained));
      }
    },
  };
}

function introduce(unfinished) {
  const working = unfinished.filter(run => phase(run)[0] === 'running').length;
  const paused = unfinished.length - working;
  const answering = nodes.filter(node => node.report);
  const slots = answering.reduce((sum, node) => sum + (node.report.device ? node.report.slots : 0), 0);
  const used = answering.reduce((sum, node) => sum + (node.report.device ? node.report.slots_in_use : 0), 0);
  const silent = nodes.length - answering.length;
  const said = working > 0 ? [make('b', {}, `${plural(working, 'run')} at work`)] : [make('b', {}, 'No run is at work')];
  if (paused > 0) said.push(`, ${whole(paused)} paused`);
  if (nodes.length > 0) said.push(`. ${plural(nodes.length, 'node')}, ${whole(used)} of ${plural(slots, 'slot')} in use`);
  if (silent > 0) said.push(`, ${plural(silent, 'node')} silent`);
  const words = said.map(piece => piece.textContent ?? piece).join('');
  const place = byId('introduction');
  if (place.textContent !== `${words}.`) fill(place, ...said, '.');
}

function endedTable(ended) {
  const place = byId('ended');
  byId('ended-section').hidden = ended.length === 0;
  if (!place.firstChild && ended.length > 0) {
    const heading = (text, className) => make('th', { scope: 'col', class: className }, text);
    place.append(make('table', {},
      make('thead', {}, make('tr', {}, heading('Run'), heading('Pipeline'), heading('Videos', 'number'), heading('Completed', 'number'), heading('Quarantined', 'number'), heading('Ended'), heading('Report'))),
      make('tbody', {})));
  }
  const body = place.querySelector('tbody');
  if (!body) return;
  keyed(body, ended, run => run.name, first => {
    const cell = (name, className) => make('td', { class: className, 'data-name': name });
    const cells = [cell('Pipeline'), cell('Videos', 'number'), cell('Completed', 'number'), cell('Quarantined', 'number'), cell('Ended')];
    const report = make('a', { href: addresses.run(first.name, '/report'), 'aria-label': `Report of ${first.name}` }, 'Report');
    return {
      element: make('tr', {}, make('th', { scope: 'row' }, link(addresses.runPage(first.name), null, first.name)), cells, make('td', {}, report)),
      update(run) {
        const known = Boolean(run.started_at);
        const ends = run.phase === 'cancelled' ? `cancelled ${run.ended_at ? ago(run.ended_at) : ''}` : run.ended_at ? ago(run.ended_at) : '–';
        [run.pipeline, whole(run.videos), known ? whole(run.completed) : '–', null, ends].forEach((text, at) => { if (text !== null) say(cells[at], text); });
        if (cells[3].textContent !== whole(run.quarantined)) fill(cells[3], run.quarantined > 0 ? link(addresses.failedPage(run.name), 'bad', whole(run.quarantined)) : known ? '0' : '–');
      },
    };
  });
}

/** Whether nothing is done for a video: its slowness is not its own. */
const waits = video => video.stage.startsWith('waiting');

const quiet = (place, words) => keyed(place, [words], text => text, text => ({ element: make('p', { class: 'more' }, text), update() {} }));

function attention(unfinished) {
  const slow = unfinished.flatMap(run => (details.get(run.name)?.slowest ?? []).map(video => ({ run: run.name, ...video })))
    .sort((a, b) => waits(a) - waits(b) || b.still_seconds - a.still_seconds || b.seconds - a.seconds).slice(0, ListedSlow);
  if (slow.length === 0) quiet(byId('slow'), unfinished.length > 0 ? 'No video is in work.' : 'Nothing is at work.');
  else {
    keyed(byId('slow'), slow, video => `v/${video.run}/${video.id}`, first => {
      const words = make('span', { class: 'muted' });
      const still = make('span', { class: 'number' });
      // Ids are shortened in the pace's report; one that was is looked for in its run.
      const where = first.id.endsWith('…') ? `${addresses.runPage(first.run)}?state=processing&text=${encodeURIComponent(first.id.slice(0, -1))}#videos` : addresses.videoPage(first.run, first.id);
      return {
        element: make('div', { class: 'item' }, make('div', {}, link(where, null, first.id), words), still),
        update(video) {
          const frames = video.frames > 0 ? `, ${whole(video.frames_done)} of ${plural(video.frames, 'frame')}` : '';
          say(words, `${video.stage}${frames} · ${first.run}`);
          const stands = video.still_seconds >= Stalled;
          say(still, stands ? `stands still ${Charts.duration(video.still_seconds)}` : `in flight ${Charts.duration(video.seconds)}`);
          still.className = stands ? 'number bad' : 'number';
        },
      };
    });
  }

  const failed = (runs ?? []).flatMap(run => (details.get(run.name)?.causes ?? []).map(cause => ({ run: run.name, ...cause }))).sort((a, b) => b.videos - a.videos).slice(0, ListedCauses);
  if (failed.length === 0) quiet(byId('failed'), 'No video is quarantined.');
  else {
    keyed(byId('failed'), failed, cause => `c/${cause.run}/${cause.stage}/${cause.cause}`, first => {
      const videos = make('span', { class: 'number' });
      return {
        element: make('div', { class: 'item' },
          make('div', {}, link(addresses.failedPage(first.run, first.cause), null, first.cause), make('span', { class: 'muted' }, `${first.stage} · ${first.run}`)), videos),
        update(cause) { say(videos, plural(cause.videos, 'video')); },
      };
    });
  }
}

function draw() {
  if (!runs) return;
  const unfinished = runs.filter(run => !isOver(run));
  introduce(unfinished);
  if (unfinished.length === 0) quiet(byId('runs'), runs.length === 0 ? 'There is no run yet. Submit one: actorcluster run FOLDER, or POST /v1/runs.' : 'No run is at work.');
  else keyed(byId('runs'), unfinished, run => `r/${run.name}`, runCard);
  endedTable(runs.filter(isOver));
  if (nodes.length > 0 && !byId('shares').firstChild) byId('shares').append(sharesLegend());
  keyed(byId('nodes'), nodes, node => node.address, nodeCard);
  attention(unfinished);
}

/** What is slow and what failed are asked for where the overview's events say that something moved. */
const look = seldom(15_000, async () => {
  const seen = runs ?? [];
  await Promise.allSettled([
    ...seen.filter(run => !isOver(run)).slice(0, 8).map(async run => {
      const found = await find(addresses.run(run.name, '/pace'));
      details.set(run.name, { ...details.get(run.name), slowest: found?.slowest ?? [] });
    }),
    ...seen.filter(run => run.quarantined > 0 && details.get(run.name)?.quarantined !== run.quarantined).slice(0, 8).map(async run => {
      const found = await find(addresses.run(run.name, '/totals'));
      details.set(run.name, { ...details.get(run.name), causes: found?.causes ?? [], quarantined: run.quarantined });
    })]);
  draw();
});

begin();
get('/v1/runs').then(found => {
  runs ??= found.runs;
  draw();
  look();
}).catch(error => {
  problem(error);
  byId('introduction').textContent = '';
});
get('/v1/nodes').then(found => {
  if (nodes.length === 0) nodes = found.nodes;
  draw();
}).catch(problem);

follow('/v1/events', {
  overview(event) {
    problem(null);
    runs = event.runs;
    nodes = event.nodes;
    draw();
    look();
  },
});
