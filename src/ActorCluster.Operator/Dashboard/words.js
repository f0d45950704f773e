/* Figures in words. */
const { duration, number, percent, plural } = Charts;

const TicksPerMillisecond = 10_000;
const TicksAtEpoch = 621_355_968_000_000_000;

/** A moment as the node tells it, UTC ticks or ISO 8601, as a Date; null where there is none. */
export function moment(value) {
  if (!value) return null;
  const made = new Date(typeof value === 'number' ? (value - TicksAtEpoch) / TicksPerMillisecond : value);
  return Number.isNaN(made.getTime()) ? null : made;
}

/** A time of day, UTC as in the nodes' logs. */
export const clock = value => moment(value)?.toISOString().slice(11, 19) ?? '–';

/** A moment in full. */
export const date = value => (moment(value) ? Charts.moment(moment(value)) : '–');

/** How long ago, in rough words. */
export function ago(value) {
  const seconds = (Date.now() - (moment(value)?.getTime() ?? Date.now())) / 1000;
  return seconds < 45 ? 'just now' : `${about(seconds)} ago`;
}

/** A duration to no more than it is known. */
export function about(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds / 5) * 5)}\u00a0s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)}\u00a0min`;
  if (seconds < 48 * 3600) return `${number(seconds / 3600)}\u00a0h`;
  return `${number(seconds / 86400)}\u00a0days`;
}

const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * How long a run still takes, from its own pace, as honestly as that goes: the node's rule (see TimeLeft in the program).
 * @param rates seconds of video a second in the last blocks
 * @returns {text, note}
 */
export function left(rates, secondsLeft, error = 0) {
  if (rates.length < 3 || !(secondsLeft > 0)) return { text: '–', note: 'too early to tell' };
  const rate = mean(rates);
  if (!(rate > 0)) return { text: '–', note: 'nothing was done lately' };
  const variance = rates.reduce((sum, each) => sum + (each - rate) ** 2, 0) / (rates.length - 1);
  const doubt = Math.sqrt(variance / rates.length / rate ** 2 + (error / secondsLeft) ** 2);
  if (doubt > 1.5) return { text: '–', note: 'its pace changes too much to tell' };
  const seconds = secondsLeft / rate;
  const [least, most] = [about(seconds * Math.exp(-2 * doubt)), about(seconds * Math.exp(2 * doubt))];
  return { text: `about ${about(seconds)}`, note: least === most ? `for ${duration(secondsLeft)} of video` : `${least} to ${most}` };
}

/** The pace now: the mean of the last three blocks. */
export function pace(rates) {
  return rates.length > 0 ? `${number(mean(rates.slice(-3)))}\u00a0×` : '–';
}

/** Bytes in words. */
export function bytes(count) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = count > 0 ? Math.min(units.length - 1, Math.floor(Math.log2(count) / 10)) : 0;
  return `${number(count / 1024 ** power)}\u00a0${units[power]}`;
}

/** A run's counts in words. */
export function counts(run) {
  const said = [`${Charts.whole(run.completed)} of ${plural(run.registered ?? run.videos, 'video')} completed`];
  if (run.quarantined > 0) said.push(`${Charts.whole(run.quarantined)} quarantined`);
  if (run.cancelled > 0) said.push(`${Charts.whole(run.cancelled)} cancelled`);
  return said.join(', ');
}

/** Where a run is in its life: a word, and how it looks. */
export function phase(run) {
  if (run.phase === 'cancelled') return ['cancelled', 'muted'];
  if (run.phase === 'ended' || run.ended || run.is_completed) return ['ended', 'muted'];
  if (run.phase === 'paused') return ['paused', 'bad'];
  return ['running', 'good'];
}

export { percent, plural };
