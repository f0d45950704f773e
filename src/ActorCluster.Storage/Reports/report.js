/* Builds the report from the JSON in the page. */
(() => {
  const { element, timeline, bars, matrix, legend, themeButton, length, duration, moment, number, percent, whole, plural, top, sum } = Charts;
  const run = JSON.parse(document.getElementById('data').textContent);
  const page = document.getElementById('report');
  const undrawn = new Map();

  function introduction() {
    const text = element('p', 'introduction', element('b', '', `${whole(run.completed)} of ${plural(run.registered, 'video')}`), ' completed');
    const parts = [];
    if (run.quarantinedCount > 0) parts.push(`${whole(run.quarantinedCount)} quarantined with ${run.quarantinedCount === 1 ? 'its cause' : 'their causes'}`);
    if (run.cancelled > 0) parts.push(`${whole(run.cancelled)} cancelled`);
    text.append(parts.length > 0 ? `, ${parts.join(', ')}. ` : '. ');
    if (run.frames > 0) {
      const most = top(run.labels);
      text.append(`Every one of the ${whole(run.frames)} frames has its prediction; ${percent(run.labels[most] / Math.max(1, sum(run.labels)))} are labelled ${run.classes[most]}.`);
    }
    return text;
  }

  function tile(name, value, note) {
    return element('div', '', element('dt', '', name), element('dd', '', value, note ? element('small', '', note) : null));
  }

  function tiles() {
    const made = element('dl', 'tiles',
      tile('Videos', whole(run.registered), `${whole(run.completed)} completed`),
      tile('Frames', whole(run.frames), `${duration(run.seconds)} of video`),
      tile('Working time', duration(run.active), `${duration(run.wall)} in all`));
    if (run.speed) {
      made.append(
        tile('Speed', `${number(run.speed.timesRealTime)} ×`, `real time, ${number(run.speed.fps)} frames/s`),
        tile('Against what binds', percent(run.speed.ratio), `of ${number(run.speed.boundFps)} frames/s`));
    }
    return made;
  }

  function fact(list, name, ...values) {
    list.append(element('dt', '', name), element('dd', '', ...values));
  }

  function facts() {
    const list = element('dl', 'facts');
    fact(list, 'Pipeline', run.pipeline);
    if (run.speed) {
      const fill = element('div', '');
      fill.style.width = `${Math.min(1, run.speed.ratio) * 100}%`;
      fact(list, 'Bound by', run.speed.boundBy, element('div', 'ratio', fill),
        `${number(run.speed.fps)} of the ${number(run.speed.boundFps)} frames/s that it reaches alone on this machine`);
    }
    fact(list, 'Chunks', `${whole(run.planned)} planned, ${whole(run.startedChunks)} started, ${whole(run.redone)} done again`);
    fact(list, 'Started', moment(run.started));
    fact(list, 'Ended', run.ended ? moment(run.ended) : 'not yet');
    fact(list, 'Pipeline hash', element('code', '', run.pipelineHash.slice(0, 16)));
    fact(list, 'Encoder hash', element('code', '', run.encoderHash.slice(0, 16)));
    return list;
  }

  function table(headings, rows) {
    const head = element('tr', '', ...headings.map(([text, className]) => {
      const cell = element('th', className, text);
      cell.scope = 'col';
      return cell;
    }));
    return element('table', '', element('thead', '', head), element('tbody', '', ...rows));
  }

  function quarantined() {
    if (run.quarantined.length === 0) return [];
    const rows = run.quarantined.map(video => {
      const cause = element('td', '', video.cause || '');
      if (video.tool.length > 0) {
        cause.append(element('details', '', element('summary', '', 'Tool output'), element('pre', '', video.tool.join('\n'))));
      }
      const attempts = element('td', 'number', whole(video.attempts));
      attempts.dataset.name = 'Attempts';
      return element('tr', '',
        element('td', 'id', video.id, element('small', '', video.uri)),
        element('td', '', element('span', 'stage', video.stage || '')), cause, attempts);
    });
    const hidden = run.quarantinedCount - rows.length;
    return [
      element('h2', '', 'Quarantined', element('small', '', plural(run.quarantinedCount, 'video'))),
      element('div', 'panel', table([['Video', ''], ['Stage', ''], ['Cause', ''], ['Attempts', 'number']], rows),
        hidden > 0 ? element('p', 'more', `and ${whole(hidden)} more: see quarantine.csv`) : null)];
  }

  function fileLinks(files) {
    return files.flatMap(file => {
      const link = element('a', '', file.endsWith('.csv') ? 'CSV' : 'Parquet');
      link.href = `./${file.split('/').map(encodeURIComponent).join('/')}`;
      return [' · ', link];
    });
  }

  function video(entry) {
    const most = top(entry.labels);
    const share = entry.labels[most] / Math.max(1, sum(entry.labels));
    const said = `${plural(entry.frames, 'frame')} · ${length(entry.seconds)} · face in ${percent(entry.faces)} · ${run.classes[most]} ${percent(share)}`;
    const doubts = [];
    if (entry.imputed > 0) doubts.push(`${whole(entry.imputed)} imputed`);
    if (entry.undecoded > 0) doubts.push(`${whole(entry.undecoded)} not decoded`);
    const place = element('div', 'place');
    if (entry.columns) undrawn.set(place, () => timeline(entry, run.classes, `Probabilities over time of ${entry.id}: ${said}`));
    else place.append(element('p', '', 'The predictions could not be read for this report.'));
    return element('section', 'panel video',
      element('header', '', element('h3', '', entry.id), element('p', '', [said, ...doubts].join(' · '), ...fileLinks(entry.files))), place);
  }

  function videos() {
    if (run.videos.length === 0) return [];
    const note = run.restCount > 0 ? `${whole(run.videos.length)} of ${whole(run.completed)} drawn: the slowest and the first` : 'mean probabilities over time';
    const key = element('div', 'key', legend(run.classes));
    return [element('h2', '', 'Timelines', element('small', '', note)), key, ...run.videos.map(video)];
  }

  function score() {
    if (!run.score) return [];
    const { videos, frames, macroF1, accuracy, classF1, confusion, notices } = run.score;
    return [
      element('h2', '', 'Score against the labels', element('small', '', `macro F1 ${macroF1.toFixed(3)}, accuracy ${accuracy.toFixed(3)} over ${plural(frames, 'labelled frame')} of ${plural(videos, 'video')}`)),
      element('div', 'panel confusion', matrix(confusion, run.classes, 'label, prediction', { name: 'F1', values: classF1.map(value => value.toFixed(3)) }),
        ...notices.map(notice => element('p', 'more', notice)))];
  }

  function rest() {
    if (run.rest.length === 0) return [];
    const cell = (name, text) => {
      const made = element('td', 'number', text);
      made.dataset.name = name;
      return made;
    };
    const rows = run.rest.map(entry => {
      const known = sum(entry.labels) > 0;
      return element('tr', '', element('td', 'id', entry.id), element('td', '', entry.status), cell('Frames', whole(entry.frames)),
        cell('Duration', length(entry.seconds)), cell('Face in', known ? percent(entry.faces) : '–'),
        element('td', '', known ? run.classes[top(entry.labels)] : '–'));
    });
    const hidden = run.restCount - rows.length;
    return [
      element('h2', '', 'Other videos', element('small', '', whole(run.restCount))),
      element('div', 'panel',
        table([['Video', ''], ['Status', ''], ['Frames', 'number'], ['Duration', 'number'], ['Face in', 'number'], ['Mostly', '']], rows),
        hidden > 0 ? element('p', 'more', `and ${whole(hidden)} more: see summary.json`) : null)];
  }

  function draw(place) {
    const make = undrawn.get(place);
    if (make) {
      undrawn.delete(place);
      place.replaceChildren(make());
    }
  }

  page.replaceChildren(
    element('p', 'mark', element('span', '', 'ActorCluster · run report'), themeButton()),
    element('h1', '', run.run),
    introduction(),
    element('p', 'when', `Pipeline ${run.pipeline} · ${moment(run.started)} · ${run.state}`));
  if (run.stateCause) page.append(element('p', 'notice', run.stateCause));
  page.append(
    tiles(),
    ...quarantined(),
    ...score(),
    element('div', 'pair',
      element('section', '', element('h2', '', 'Labels', element('small', '', `of ${plural(run.frames, 'frame')}`)), element('div', 'panel', bars(run.labels, run.classes, ''))),
      element('section', '', element('h2', '', 'The run'), element('div', 'panel', facts()))),
    ...videos(),
    ...rest(),
    element('footer', '',
      element('p', '', 'A timeline has up to 480 columns: each shows the mean of its frames’ probabilities and their commonest label. A pale stretch of the face strip has a face in some of its frames, an empty one in none. The prediction files hold every frame.'),
      element('p', '', 'Labels say what an expression looks like to a model trained on annotated videos, not what a person feels.')));

  const observer = new IntersectionObserver(entries => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        observer.unobserve(entry.target);
        draw(entry.target);
      }
    }
  }, { rootMargin: '600px' });
  for (const place of undrawn.keys()) observer.observe(place);

  // Paper is light, and has everything.
  let theme;
  addEventListener('beforeprint', () => {
    theme = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = 'light';
    for (const place of [...undrawn.keys()]) draw(place);
  });
  addEventListener('afterprint', () => {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  });
})();
