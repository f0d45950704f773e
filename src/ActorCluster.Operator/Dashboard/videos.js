/* The table of a run's videos: filter, order, rows that change while one looks. */
import { addresses, get } from './api.js';
import { link, make, say } from './dom.js';
import { seldom } from './live.js';
import { VirtualTable } from './table.js';
import { plural } from './words.js';

const { whole, length, duration } = Charts;
const States = ['waiting', 'processing', 'completed', 'quarantined', 'cancelled'];
const RefreshedEvery = 5_000;

/**
 * @param count told how many videos match, in words
 * @param failed told of what could not be had
 */
export function videoTable(run, place, count, failed) {
  const asked = new URLSearchParams(location.search);
  const state = make('select', { id: 'state' }, make('option', { value: '' }, 'in any state'), States.map(name => make('option', { value: name }, name)));
  const text = make('input', { id: 'text', type: 'search', placeholder: 'id, or a quarantined one’s cause', autocomplete: 'off', spellcheck: 'false', maxlength: '300' });
  state.value = States.includes(asked.get('state')) ? asked.get('state') : '';
  text.value = asked.get('text') ?? '';

  const showId = (row, cell) => {
    const href = addresses.videoPage(run, row.id);
    const anchor = cell.firstChild?.nodeName === 'A' ? cell.firstChild : cell.appendChild(link(href));
    if (anchor.getAttribute('href') !== href) anchor.setAttribute('href', href);
    say(anchor, row.id);
    anchor.title = row.id;
  };
  const showState = (row, cell) => {
    if (!cell.firstChild) cell.append(make('span', {}));
    cell.firstChild.className = `state ${row.state}`;
    say(cell.firstChild, row.state);
  };
  const plain = of => (row, cell) => { const words = of(row); say(cell, words); cell.title = words; };
  const frames = row => row.frames === 0 ? '–' : row.state === 'processing' ? `${whole(row.frames_done)} / ${whole(row.frames)}` : whole(row.frames);
  const table = new VirtualTable({
    label: 'Videos of the run',
    columns: [
      { title: '#', sort: 'index', className: 'number c-index', show: plain(row => whole(row.index + 1)) },
      { title: 'Video', sort: 'id', className: 'c-id', show: showId },
      { title: 'State', sort: 'state', className: 'c-state', show: showState },
      { title: 'Stage and cause', className: 'c-cause', show: plain(row => [row.stage, row.cause].filter(part => part).join(': ')) },
      { title: 'Frames', sort: 'frames', className: 'number c-frames', show: plain(frames) },
      { title: 'Length', sort: 'seconds', className: 'number c-seconds', show: plain(row => row.seconds > 0 ? length(row.seconds) : '–') },
      { title: 'Took', sort: 'wall_seconds', className: 'number c-wall', show: plain(row => row.wall_seconds > 0 ? duration(row.wall_seconds) : '–') },
      { title: 'Tries', sort: 'attempts', className: 'number c-attempts', show: plain(row => row.attempts > 0 ? whole(row.attempts) : '–') },
    ],
    sort: asked.get('sort') ?? 'index',
    order: asked.get('order') === 'desc' ? 'desc' : 'asc',
    load: (page, signal) => get(addresses.run(run, `/videos?${query(page)}`), signal),
    failed,
    changed,
  });

  function query(more) {
    const values = new URLSearchParams();
    if (state.value) values.set('state', state.value);
    if (text.value.trim()) values.set('text', text.value.trim());
    for (const [name, value] of Object.entries(more)) values.set(name, value);
    return values;
  }

  /** The address says what is shown, so that it can be passed on. */
  function changed() {
    count(`${plural(table.matches, 'video')}${state.value || text.value.trim() ? ' like that' : ''}`);
    const values = query(table.sort === 'index' && table.order === 'asc' ? {} : { sort: table.sort, order: table.order });
    const wanted = `${location.pathname}${values.size > 0 ? `?${values}` : ''}${location.hash}`;
    if (wanted !== location.pathname + location.search + location.hash) history.replaceState(null, '', wanted);
  }

  let typing = 0;
  const filtered = () => { changed(); table.restart(); };
  state.addEventListener('change', filtered);
  text.addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(filtered, 200); });

  place.append(
    make('div', { class: 'filter' },
      make('label', { for: 'text' }, 'Videos with'), text,
      make('label', { for: 'state', class: 'unseen' }, 'State'), state,
      make('button', { type: 'button', class: 'small', onclick() { state.value = text.value = ''; filtered(); } }, 'All')),
    table.element);
  table.restart();

  const refresh = seldom(RefreshedEvery, () => table.refresh());
  return {
    refresh,
    /** A video has ended: what is in sight may have changed. */
    touched() {
      const isWhole = !state.value && !text.value.trim() && table.sort === 'index';
      if (!isWhole || table.shows(row => row.state === 'waiting' || row.state === 'processing')) refresh();
    },
    /** Shows what progress tells of videos in flight without asking for it. */
    inFlight(videos) {
      const known = new Map(videos.map(video => [video.index, video]));
      let isNew = false;
      table.patch(row => {
        const video = known.get(row.index);
        if (!video) return row;
        if (row.state !== 'processing') isNew = true;
        if (row.state === 'processing' && row.stage === video.stage && row.frames_done === video.frames_done && row.frames === video.frames) return row;
        return { ...row, state: 'processing', cause: '', stage: video.stage, frames_done: video.frames_done, frames: video.frames, seconds: video.seconds };
      });
      if (isNew && state.value) refresh();
    },
    /** Filters, and shows the table. */
    choose(wanted, words) {
      state.value = wanted;
      text.value = words;
      filtered();
      place.scrollIntoView({ block: 'start' });
      text.focus({ preventScroll: true });
    },
  };
}
