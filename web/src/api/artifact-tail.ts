import { useEffect, useState } from 'react';
import { problemOf } from './client';
import { isNotSignedIn, ProblemError, UNREACHABLE } from './problem-error';

/** What is shown of a long log: its end, however long it grows. */
const TAIL_BYTES = 256 * 1024;
const LOOK_AGAIN_MS = 1_000;
const LOOK_AGAIN_AFTER_ERROR_MS = 3_000;

export interface ArtifactTail {
  readonly text: string;
  /** Bytes before what is shown. */
  readonly skipped: number;
  readonly closed: boolean;
  readonly loading: boolean;
  readonly error: ProblemError | null;
}

const NOTHING: ArtifactTail = { text: '', skipped: 0, closed: false, loading: true, error: null };

/** The end of one artifact, for as long as the component lives: it grows on the screen as it grows on the server, until it is closed. */
export function useArtifactTail(id: string): ArtifactTail {
  const [tail, setTail] = useState<ArtifactTail>(NOTHING);
  useEffect(() => {
    const gone = new AbortController();
    void follow(id, setTail, gone.signal);
    return () => gone.abort();
  }, [id]);
  return tail;
}

async function follow(id: string, show: (tail: ArtifactTail) => void, signal: AbortSignal): Promise<void> {
  // Characters may be cut between two answers.
  const decoder = new TextDecoder();
  let tail = NOTHING;
  let offset: number | null = null;
  while (!signal.aborted && !tail.closed) {
    let waitMs = LOOK_AGAIN_MS;
    try {
      const part = await read(id, offset, signal);
      offset = part.end;
      const before = tail.loading ? part.start : tail.skipped;
      const { text, dropped } = endOf(tail.text + decoder.decode(part.body, { stream: true }));
      tail = { text, skipped: before + dropped, closed: part.closed, loading: false, error: null };
      show(tail);
    } catch (error) {
      if (isAbort(error)) return;
      const problem = error instanceof ProblemError ? error : UNREACHABLE;
      show({ ...tail, loading: false, error: problem });
      if (isNotSignedIn(problem) || !problem.isPassing) return;
      waitMs = LOOK_AGAIN_AFTER_ERROR_MS;
    }
    if (!tail.closed) await pause(waitMs, signal);
  }
}

/** The end of a text that grows, from the beginning of a line, and how many bytes were before it. */
function endOf(text: string): { readonly text: string; readonly dropped: number } {
  if (text.length <= TAIL_BYTES) return { text, dropped: 0 };
  const line = text.indexOf('\n', text.length - TAIL_BYTES);
  const from = line === -1 ? text.length - TAIL_BYTES : line + 1;
  return { text: text.slice(from), dropped: new TextEncoder().encode(text.slice(0, from)).length };
}

async function read(id: string, offset: number | null, signal: AbortSignal) {
  const part = offset === null ? `tail=${TAIL_BYTES}` : `offset=${offset}`;
  const response = await fetch(`/api/artifacts/${id}?${part}`, { signal, credentials: 'same-origin' });
  if (!response.ok) throw problemOf(await response.json().catch(() => null), response);
  const body = new Uint8Array(await response.arrayBuffer());
  const bytes = Number(response.headers.get('Baton-Artifact-Bytes') ?? 0);
  const start = offset ?? Math.max(0, bytes - TAIL_BYTES);
  return { body, start, end: start + body.length, closed: response.headers.get('Baton-Artifact-Closed') === 'true' };
}

const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
