/* Commands: asked for, confirmed, and what they say. */
import { command } from './api.js';
import { make } from './dom.js';

/**
 * Asks whether a command is meant, carries it out, and shows what it says.
 * @param wanted {title, words, danger, button, palette, command, values, input}: `danger` tells that it cannot be undone; `values` are the command's
 * arguments; `input` is {name, label, type, value, required} for one more that is asked for
 * @returns whether it was done
 */
export function confirmCommand(wanted) {
  const said = make('ol', { class: 'said', 'aria-live': 'polite' });
  const failed = make('p', { class: 'bad', role: 'alert' });
  const cancel = make('button', { type: 'button' }, 'Back');
  const go = make('button', { type: 'submit', class: wanted.danger ? 'main danger' : 'main' }, wanted.button);
  const input = wanted.input ? make('input', { id: 'dialog-input', autocomplete: 'off', ...wanted.input.attributes }) : null;
  const form = make('form', {},
    make('h2', { id: 'dialog-title' }, wanted.title),
    make('p', { id: 'dialog-words' }, wanted.words),
    input && make('p', { class: 'field' }, make('label', { for: 'dialog-input' }, wanted.input.label), input),
    said, failed,
    make('div', { class: 'actions' }, cancel, go));
  const dialog = make('dialog', { 'aria-labelledby': 'dialog-title', 'aria-describedby': 'dialog-words', class: wanted.danger ? 'danger' : null }, form);
  document.body.append(dialog);
  const opener = document.activeElement;
  const beside = opener?.parentElement;

  return new Promise(resolve => {
    let done = false;
    let working = false;
    cancel.addEventListener('click', () => dialog.close());
    dialog.addEventListener('cancel', event => { if (working) event.preventDefault(); });
    dialog.addEventListener('close', () => {
      dialog.remove();
      // The button that asked may have become another one: paused is what can be resumed.
      if (!opener?.isConnected) beside?.querySelector('button')?.focus();
      resolve(done);
    });
    form.addEventListener('submit', async event => {
      event.preventDefault();
      if (done) { dialog.close(); return; }
      working = go.disabled = cancel.disabled = true;
      go.textContent = 'Working …';
      failed.textContent = '';
      said.replaceChildren();
      try {
        const more = input ? [[wanted.input.name, input.value.trim()]] : [];
        const values = [...wanted.values, ...more.filter(([, value]) => value !== ''), ...(wanted.danger ? [['yes']] : [])];
        await command(wanted.palette, wanted.command, values, line => said.append(make('li', {}, line)));
        done = true;
        if (!said.hasChildNodes()) said.append(make('li', {}, 'Done.'));
        cancel.hidden = true;
        go.textContent = 'Close';
        go.classList.remove('danger');
      } catch (error) {
        failed.textContent = `${error.title ?? 'Not done'}: ${error.message}`;
        go.textContent = 'Try again';
      }
      working = go.disabled = cancel.disabled = false;
      go.focus();
    });
    dialog.showModal();
    (input ?? (wanted.danger ? cancel : go)).focus();
  });
}
