/* Asks for the node's token. */
import { openSession } from './api.js';
import { byId } from './dom.js';
import { begin, noteSession } from './frame.js';

/** Where one came from, if that is a page of this node. */
function back() {
  try {
    const wanted = new URL(new URLSearchParams(location.search).get('back') ?? '/', location.origin);
    if (wanted.origin === location.origin && wanted.pathname !== '/login' && !wanted.pathname.startsWith('//')) return wanted.pathname + wanted.search + wanted.hash;
  } catch { /* It is no address. */ }
  return '/';
}

begin();
byId('login').addEventListener('submit', async event => {
  event.preventDefault();
  const problem = byId('problem');
  const go = event.target.querySelector('button');
  problem.textContent = '';
  go.disabled = true;
  try {
    await openSession(byId('token').value);
    noteSession(true);
    location.replace(back());
  } catch (error) {
    problem.textContent = error.message;
    go.disabled = false;
    byId('token').select();
  }
});
