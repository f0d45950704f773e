/* A run's pace as a small area chart. */
import { make } from './dom.js';
import { about } from './words.js';

const Height = 40;

/** Makes one; its `show(rates, blockSeconds)` draws. */
export function sparkline(className) {
  const area = Charts.shape('path', { class: 'area' });
  const edge = Charts.shape('path', { class: 'edge' });
  const svg = Charts.shape('svg', { viewBox: `0 0 100 ${Height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  svg.append(area, edge);
  const made = make('div', { class: `sparkline ${className ?? ''}`, role: 'img' }, svg);
  made.show = (rates, blockSeconds) => {
    made.hidden = rates.length < 2;
    const most = Math.max(...rates, 1e-9);
    const step = 100 / Math.max(1, rates.length - 1);
    const points = rates.map((rate, at) => `${(at * step).toFixed(2)} ${(Height - 1 - rate / most * (Height - 3)).toFixed(2)}`);
    const line = points.length > 1 ? `M${points.join('L')}` : '';
    edge.setAttribute('d', line);
    area.setAttribute('d', line && `${line}L100 ${Height}L0 ${Height}Z`);
    const range = rates.length > 1
      ? `Pace over the last ${blockSeconds ? about(rates.length * blockSeconds) : 'minutes'}: ${Charts.number(Math.min(...rates))} to ${Charts.number(most)} seconds of video a second, now ${Charts.number(rates.at(-1))}`
      : 'No pace yet';
    made.setAttribute('aria-label', range);
    made.title = range;
  };
  return made;
}
