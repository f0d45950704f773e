/* What devices did lately, and why they stood idle: the shares of DeviceShares. */
import { make, stackedBar } from './dom.js';

const kinds = [
  ['busy', 'busy'],
  ['decode', 'waits for decoding'],
  ['batch', 'waits for a full batch'],
  ['store', 'waits for the store'],
  ['no_demand', 'no work'],
  ['drained', 'drained'],
  ['paused', 'runs are paused'],
];

/** Shares in words, the largest first. */
export function sharesInWords(shares) {
  return kinds.filter(([key]) => shares[key] >= 0.005).sort((a, b) => shares[b[0]] - shares[a[0]])
    .map(([key, words]) => `${words} ${Charts.percent(shares[key])}`).join(', ');
}

/** A bar of them; its `update(shares)` draws. */
export function sharesBar() {
  const made = stackedBar('shares');
  made.update = shares => {
    const said = sharesInWords(shares);
    made.show(kinds.map(([key, words]) => ({ share: shares[key] ?? 0, className: `share-${key}`, title: `${words} ${Charts.percent(shares[key] ?? 0)}` })), said);
  };
  return made;
}

export const sharesLegend = () => make('ul', { class: 'legend' }, kinds.map(([key, words]) => make('li', {}, make('span', { class: `swatch share-${key}` }), words)));
