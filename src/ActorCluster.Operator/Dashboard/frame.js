/* What all pages have: the theme's switch, signing out, where one is, failures. */
import { endSession } from './api.js';
import { byId, fill, make } from './dom.js';

function remembered(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(key);
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch { /* Storage is switched off. */ }
  return null;
}

/** Notes that this browser has a session; the cookie itself no script can see. */
export const noteSession = is => remembered('session', is ? 'yes' : null);

/** Draws what all pages have. */
export function begin() {
  const theme = Charts.themeButton(chosen => remembered('theme', chosen));
  theme.className = 'small';
  theme.title = 'Switch between light and dark';
  fill(byId('buttons'), remembered('session') ? make('button', {
    type: 'button', class: 'small',
    async onclick() {
      try { await endSession(); } finally { noteSession(false); location.assign('/login'); }
    },
  }, 'Sign out') : null, theme);
  for (const link of document.querySelectorAll('.top nav a:not(.brand)')) {
    if (link.getAttribute('href') === location.pathname) link.setAttribute('aria-current', 'page');
  }
}

/** Shows why something could not be had, or nothing where `error` is null. */
export function problem(error) {
  if (error?.name === 'AbortError') return;
  fill(byId('problem'), error ? make('p', { class: 'notice' }, make('b', {}, error.title ?? 'This should not happen'), ` ${error.message}`) : null);
}

/** Shows why the page has nothing to show: what it is about is not there. */
export function missing(error) {
  byId('main').classList.add('missing');
  problem(error);
}

/** Names the page, in its tab and in where one is. */
export function name(title, ...crumbs) {
  document.title = `${title} · ActorCluster`;
  const place = byId('crumbs');
  if (place) fill(place, crumbs.flatMap((crumb, at) => (at > 0 ? [' / ', crumb] : [crumb])));
}
