/* A video's units of work: attempts, nodes, times, causes. */
import { fill, make } from './dom.js';
import { clock, moment } from './words.js';

const { duration, whole } = Charts;

function rail(unit, start, span) {
  const made = make('div', { class: 'rail', role: 'img', 'aria-label': unit.tries.map(attempt => `try ${attempt.attempt} at ${clock(attempt.started_at)}: ${attempt.end}`).join(', ') || 'not tried' });
  for (const attempt of unit.tries) {
    const from = moment(attempt.started_at);
    if (!from) continue;
    const until = moment(attempt.ended_at)?.getTime() ?? Date.now();
    const piece = make('div', { class: attempt.end, title: `try ${attempt.attempt} on ${attempt.node}, ${clock(attempt.started_at)}, ${duration(attempt.seconds)}: ${attempt.cause || attempt.end}` });
    piece.style.left = `${Math.max(0, (from - start) / span) * 100}%`;
    piece.style.width = `${Math.max(0.6, Math.min(1, (until - from) / span) * 100)}%`;
    made.append(piece);
  }
  return made;
}

const cell = (name, className, ...children) => make('td', { 'data-name': name, class: className }, ...children);

/** Draws them as a table. */
export function units(place, found) {
  if (found.length === 0) {
    fill(place, make('p', { class: 'more' }, 'It has no plan yet, or its history is no longer kept.'));
    return;
  }
  const open = new Set([...place.querySelectorAll('details[open]')].map(details => details.dataset.unit));
  const tries = found.flatMap(unit => unit.tries);
  const times = tries.flatMap(attempt => [moment(attempt.started_at), moment(attempt.ended_at)]).filter(time => time).map(time => time.getTime());
  const start = Math.min(...times);
  const span = Math.max(1, Math.max(...times, tries.some(attempt => attempt.end === 'running') ? Date.now() : 0) - start);
  const heading = (text, className) => make('th', { scope: 'col', class: className }, text);
  fill(place, make('table', { class: 'units' },
    make('thead', {}, make('tr', {}, heading('Chunk'), heading('State'), heading('Tries', 'number'), heading('Node'), heading('Seconds', 'number'), heading('When'), heading('Why it was done again'))),
    make('tbody', {}, found.map(unit => {
      const last = unit.tries.at(-1);
      const causes = unit.tries.filter(attempt => attempt.cause);
      return make('tr', {},
        make('th', { scope: 'row' }, unit.name),
        cell('State', null, make('span', { class: `state ${unit.state.replaceAll(' ', '-')}` }, unit.state)),
        cell('Tries', 'number', whole(unit.attempts)),
        cell('Node', null, [...new Set(unit.tries.map(attempt => attempt.node))].join(', ') || '–'),
        cell('Seconds', 'number', last?.seconds > 0 ? last.seconds.toFixed(1) : '–'),
        cell('When', 'when', rail(unit, start, span)),
        cell('Cause', 'words', causes.length === 0 ? '–' : causes.length === 1 ? causes[0].cause : make('details', { 'data-unit': unit.name, open: open.has(unit.name) },
          make('summary', {}, causes.at(-1).cause),
          make('ul', { class: 'plain' }, causes.map(attempt => make('li', {}, `try ${attempt.attempt} on ${attempt.node}: ${attempt.cause}`))))));
    }))));
}
