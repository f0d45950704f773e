/* The buttons: which there are for what state, and what they say before they do it. */
import { confirmCommand } from './dialog.js';
import { make } from './dom.js';
import { phase, plural } from './words.js';

const button = (words, act, className) => make('button', { type: 'button', class: className, onclick: act }, words);

const runCommand = (run, name, rest) => confirmCommand({ palette: 'run', command: name, values: [['run', run]], ...rest });

/** Commands of a run as [key, button words, class, act], those that its state allows. */
function commandsOf(name, run) {
  const [state] = phase(run);
  const found = [];
  if (state === 'running') {
    found.push(['pause', 'Pause', null, () => runCommand(name, 'pause', {
      title: `Pause ${name}?`, words: 'Nothing new of it is started. What is in flight finishes and is kept; resuming goes on from there.', button: 'Pause',
    })]);
  }

  if (state === 'paused') {
    found.push(['resume', 'Resume', 'main', () => runCommand(name, 'resume', {
      title: `Resume ${name}?`, words: 'It goes on where it stopped. If it had paused itself, mend first what was wrong: it says so in its notice.', button: 'Resume',
    })]);
  }

  if (run.quarantined > 0 && state !== 'cancelled') {
    found.push(['retry', 'Retry quarantined', null, () => runCommand(name, 'retry', {
      title: `Retry the quarantined videos of ${name}?`,
      words: `${plural(run.quarantined, 'video')} ${run.quarantined === 1 ? 'is' : 'are'} tried again as if nothing had happened.${state === 'ended' ? ' The run, which has ended, goes on.' : ''}`,
      button: 'Retry',
      input: { name: 'cause', label: 'Only those whose cause or stage has this text (empty: all)', attributes: { type: 'text' } },
    })]);
  }

  if (state === 'running' || state === 'paused') {
    found.push(['priority', `Priority ${run.priority ?? 0}`, null, () => runCommand(name, 'priority', {
      title: `Priority of ${name}`, words: 'Runs of a higher priority are served first, from the next free slot on. 0 is what runs have.', button: 'Set',
      input: { name: 'priority', label: 'Priority', attributes: { type: 'number', step: '1', value: String(run.priority ?? 0), required: true } },
    })]);
    found.push(['cancel', 'Cancel …', null, () => runCommand(name, 'cancel', {
      title: `Cancel ${name}?`, danger: true, button: 'Cancel the run',
      words: 'It gives up every video of the run that has not ended, with what is in flight. It cannot be resumed. What is published stays.',
    })]);
  }

  return found;
}

/** Keeps a row of buttons in step with a run: made anew only where what it offers has changed, so that focus stays. */
export function runButtons(place, name, more = []) {
  let shown = null;
  return run => {
    const wanted = commandsOf(name, run);
    const key = JSON.stringify(wanted.map(([id, words]) => [id, words])) + run.quarantined;
    if (key === shown) return;
    shown = key;
    const focused = place.contains(document.activeElement) ? document.activeElement.dataset.command : null;
    place.replaceChildren(...wanted.map(([id, words, className, act]) => {
      const made = button(words, act, className);
      made.dataset.command = id;
      return made;
    }), ...more);
    if (focused) (place.querySelector(`[data-command="${focused}"]`) ?? place.querySelector('button'))?.focus();
  };
}

/** Drains a node, or lets it work again. */
export function nodeButton(address, isDrained) {
  return isDrained
    ? button('Undrain', () => confirmCommand({
      palette: 'node', command: 'undrain', values: [['node', address]], title: `Let ${address} work again?`, words: 'It takes new work from now on.', button: 'Undrain',
    }), 'small')
    : button('Drain', () => confirmCommand({
      palette: 'node', command: 'drain', values: [['node', address]], title: `Drain ${address}?`,
      words: 'It takes no new work; what it has in work goes on to its end. It stays in the cluster until it is stopped.', button: 'Drain',
    }), 'small');
}

/** Tries a video again. */
export const retryVideo = (run, video) => confirmCommand({
  palette: 'video', command: 'retry', values: [['run', run], ['video', video]], title: 'Retry this video?', words: `${video} is tried again as if nothing had happened to it.`, button: 'Retry',
});

/** Quarantines a video. */
export const quarantineVideo = (run, video) => confirmCommand({
  palette: 'video', command: 'quarantine', values: [['run', run], ['video', video]], title: 'Quarantine this video?',
  words: `${video} is given up, with what is in work of it; the run goes on without it. Retrying it undoes this.`, button: 'Quarantine',
  input: { name: 'cause', label: 'Why, for the record', attributes: { type: 'text', required: true, maxlength: '200' } },
});

/** Writes all predictions of a run into one file. */
export const exportRun = run => runCommand(run, 'export', {
  title: `Export the predictions of ${run}?`, words: 'The predictions of all completed videos are written into one Parquet file with a column “id”, in the run’s folder.', button: 'Export',
});
