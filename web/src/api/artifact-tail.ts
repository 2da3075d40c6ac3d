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
    let shown = NOTHING;
    const show = (next: ArtifactTail) => setTail((shown = next));
    void followArtifact(id, TAIL_BYTES, gone.signal, {
      took: ({ text: more, start, closed }) => {
        const { text, dropped } = endOf(shown.text + more);
        const before = shown.loading ? start : shown.skipped;
        show({ text, skipped: before + dropped, closed, loading: false, error: null });
      },
      failed: (error) => show({ ...shown, loading: false, error }),
    });
    return () => gone.abort();
  }, [id]);
  return tail;
}

/** The end of a text that grows, from the beginning of a line, and how many bytes were before it. */
function endOf(text: string): { readonly text: string; readonly dropped: number } {
  if (text.length <= TAIL_BYTES) return { text, dropped: 0 };
  const line = text.indexOf('\n', text.length - TAIL_BYTES);
  const from = line === -1 ? text.length - TAIL_BYTES : line + 1;
  return { text: text.slice(from), dropped: new TextEncoder().encode(text.slice(0, from)).length };
}

export interface ArtifactPart {
  readonly text: string;
  /** Bytes before it. */
  readonly start: number;
  readonly closed: boolean;
}

interface Follower {
  readonly took: (part: ArtifactPart) => void;
  readonly failed: (error: ProblemError) => void;
}

/** Reads the last `tailBytes` of an artifact, and then what is added to it, until it is closed or nobody wants it any more. */
export async function followArtifact(
  id: string,
  tailBytes: number,
  signal: AbortSignal,
  { took, failed }: Follower,
): Promise<void> {
  // Characters may be cut between two answers.
  const decoder = new TextDecoder();
  let offset: number | null = null;
  let closed = false;
  while (!signal.aborted && !closed) {
    let waitMs = LOOK_AGAIN_MS;
    try {
      const part = await read(id, offset, tailBytes, signal);
      offset = part.end;
      closed = part.closed;
      took({ text: decoder.decode(part.body, { stream: true }), start: part.start, closed });
    } catch (error) {
      if (isAbort(error)) return;
      const problem = error instanceof ProblemError ? error : UNREACHABLE;
      failed(problem);
      if (isNotSignedIn(problem) || !problem.isPassing) return;
      waitMs = LOOK_AGAIN_AFTER_ERROR_MS;
    }
    if (!closed) await pause(waitMs, signal);
  }
}

async function read(id: string, offset: number | null, tailBytes: number, signal: AbortSignal) {
  const part = offset === null ? `tail=${tailBytes}` : `offset=${offset}`;
  const response = await fetch(`/api/artifacts/${id}?${part}`, { signal, credentials: 'same-origin' });
  if (!response.ok) throw problemOf(await response.json().catch(() => null), response);
  const body = new Uint8Array(await response.arrayBuffer());
  const bytes = Number(response.headers.get('Baton-Artifact-Bytes') ?? 0);
  const start = offset ?? Math.max(0, bytes - tailBytes);
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
