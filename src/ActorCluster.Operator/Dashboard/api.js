/* Asking the node. What goes wrong comes back as a Failure in words. */

const AnswersWithin = 30_000;

/** Why something was not answered, in words. */
export class Failure extends Error {
  constructor(title, detail, status) {
    super(detail);
    this.title = title;
    this.status = status;
  }
}

const part = encodeURIComponent;

/** Addresses of pages and of what is behind them. */
export const addresses = {
  runPage: run => `/runs/${part(run)}`,
  failedPage: (run, text) => `/runs/${part(run)}?state=quarantined${text ? `&text=${part(text.slice(0, 200))}` : ''}#videos`,
  videoPage: (run, video) => `/runs/${part(run)}/videos/${part(video)}`,
  run: (run, rest = '') => `/v1/runs/${part(run)}${rest}`,
  video: (run, video, rest = '') => `/v1/runs/${part(run)}/videos/${part(video)}${rest}`,
};

/** The run, and the video, that this page's address names. */
export function named() {
  const [, , run, , video] = location.pathname.split('/');
  return { run: decodeURIComponent(run ?? ''), video: decodeURIComponent(video ?? '') };
}

/** Goes to the page that asks for the token, and back here afterwards. */
function signIn() {
  location.replace(`/login?back=${part(location.pathname + location.search + location.hash)}`);
  return new Promise(() => {}); // The page is on its way out.
}

async function failureOf(response) {
  if (response.status === 401) return signIn();
  let problem = {};
  try { problem = await response.json(); } catch { /* It is none of ours: a proxy's page, say. */ }
  return new Failure(problem.title || 'Not answered', problem.detail || `The node answered with the status ${response.status}.`, response.status);
}

async function ask(path, options, signal) {
  const within = AbortSignal.timeout(AnswersWithin);
  try {
    return await fetch(path, { ...options, credentials: 'same-origin', signal: signal ? AbortSignal.any([signal, within]) : within });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Failure('No answer', within.aborted ? 'The node has not answered in 30 seconds.' : 'The node cannot be reached. It may be restarting.', 0);
  }
}

/** JSON of an address. */
export async function get(path, signal) {
  const response = await ask(path, { headers: { Accept: 'application/json' } }, signal);
  if (!response.ok) throw await failureOf(response);
  return response.json();
}

/** JSON of an address, or null where there is none. */
export async function find(path, signal) {
  try {
    return await get(path, signal);
  } catch (error) {
    if (error.status === 404) return null;
    throw error;
  }
}

/** Carries out a command; `line` is told what it says meanwhile. Resolves when it is done, rejects with a Failure when it is not. */
export async function command(palette, name, values, line) {
  const body = JSON.stringify({ palette, command: name, arguments: values, who: 'dashboard' });
  // No deadline: the node says every few seconds that it is still at it, and a connection that breaks is an error here.
  let response;
  try {
    response = await fetch('/v1/commands', { method: 'POST', headers: { 'Content-Type': 'application/json' }, credentials: 'same-origin', body });
  } catch {
    throw new Failure('No answer', 'The node cannot be reached; whether it has done it is not known.', 0);
  }
  if (!response.ok) throw await failureOf(response);
  let rest = '';
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    let piece;
    try { piece = await reader.read(); } catch { break; }
    if (piece.done) break;
    const lines = (rest + piece.value).split('\n');
    rest = lines.pop();
    for (const text of lines) {
      if (text.trim() === '') continue;
      const record = JSON.parse(text);
      if (record.exit_code !== undefined) {
        if (record.exit_code === 0 && !record.error) return;
        throw new Failure('Not done', record.error || `It ended with exit code ${record.exit_code}.`, 200);
      }
      line(record.line ?? record.status ?? Object.entries(record.row ?? record.item ?? {}).map(([key, value]) => `${key}: ${value ?? '–'}`).join(' · '));
    }
  }
  throw new Failure('Broken off', 'The connection broke before the node said how it ended; look whether it was done.', 0);
}

/** Proves to the node who one is. */
export async function openSession(token) {
  const response = await ask('/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token }) });
  if (response.ok) return;
  if (response.status === 401) throw new Failure('Wrong token', 'That is not this node’s token.', 401);
  throw await failureOf(response);
}

export const endSession = () => ask('/v1/session', { method: 'DELETE' });
