/* Server-sent events, with what the connection is like shown in the page's head. */
import { get } from './api.js';
import { byId, say } from './dom.js';
import { problem } from './frame.js';

const SlowestRetry = 15_000;
const HiddenFor = 10_000;

function show(state, words) {
  const place = byId('live');
  place.className = state;
  say(place, words);
}

/**
 * Follows a stream of events for as long as the page is looked at: browsers allow few connections to a host, and a page in the background needs none.
 * @param path its address
 * @param handlers by the name of the event; told its data
 * @returns stops it for good
 */
export function follow(path, handlers) {
  let source = null;
  let retry = 0;
  let waiting = 0;
  let hiding = 0;
  let stopped = false;

  function open() {
    if (source || stopped) return;
    clearTimeout(waiting);
    source = new EventSource(path);
    source.addEventListener('open', () => {
      retry = 0;
      show('on', 'Live');
    });
    source.addEventListener('error', lost);
    source.addEventListener('trouble', event => problem({ title: 'The node cannot see how it stands.', message: JSON.parse(event.data).detail }));
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, event => handle(JSON.parse(event.data)));
    }
  }

  function close() {
    source?.close();
    source = null;
    clearTimeout(waiting);
  }

  function lost() {
    close();
    retry++;
    const milliseconds = Math.min(SlowestRetry, 250 * 2 ** retry) * (0.5 + Math.random());
    // Nodes end a stream now and then, so that who follows proves anew who it is: the first time is no alarm.
    if (retry === 1) show('', 'Reconnecting …');
    else show('off', 'No connection, trying again …');
    waiting = setTimeout(async () => {
      // A stream does not say why it was refused; this does, and asks for the token where that is what is missing.
      try { await get('/v1/runs'); } catch { lost(); return; }
      if (!document.hidden) open();
    }, milliseconds);
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding);
    if (document.hidden) {
      hiding = setTimeout(() => { close(); show('', 'Asleep'); }, HiddenFor);
    } else {
      open();
    }
  });
  addEventListener('online', open);
  addEventListener('pagehide', close);
  addEventListener('pageshow', event => { if (event.persisted) open(); });
  show('', 'Connecting …');
  open();
  return () => { stopped = true; close(); show('', ''); };
}

/** Calls something at most once in so many milliseconds, and once more for what came meanwhile. */
export function seldom(milliseconds, action) {
  let last = -Infinity;
  let timer = 0;
  return () => {
    if (timer) return;
    timer = setTimeout(() => { timer = 0; last = performance.now(); action(); }, Math.max(0, last + milliseconds - performance.now()));
  };
}
