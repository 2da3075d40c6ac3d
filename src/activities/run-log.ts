import {
  appendArtifact,
  closeArtifact,
  openArtifact,
  reopenArtifact,
  type ArtifactKey,
} from '../artifacts/artifacts.js';
import type { StepRef } from '../domain/work.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';

/** What is buffered before it is written, and for how long. */
const FLUSH_BYTES = 32 * 1024;
const FLUSH_MS = 300;
/** What is buffered before whoever writes has to wait. */
const FULL_BYTES = 256 * 1024;
/** A log longer than this is cut, with a line that says so. */
const MAX_LOG_BYTES = 20 * 1024 * 1024;

interface LogKind {
  readonly kind: ArtifactKey['kind'];
  readonly mediaType: string;
}

const TEXT: LogKind = { kind: 'log', mediaType: 'text/plain; charset=utf-8' };
/** JSON lines that programs read. */
export const NDJSON: LogKind = { kind: 'events', mediaType: 'application/x-ndjson' };

/** A log that is an artifact, appended live. A repeated attempt goes on where the one before ended. */
export class RunLog {
  readonly id: string;
  readonly #deps: ActivityDeps;
  readonly #organisationId: string;
  #buffer: Buffer[] = [];
  #buffered = 0;
  #bytes: number;
  #writing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  private constructor(deps: ActivityDeps, organisationId: string, { id, bytes }: { id: string; bytes: number }) {
    this.id = id;
    this.#deps = deps;
    this.#organisationId = organisationId;
    this.#bytes = bytes;
  }

  static async open(
    deps: ActivityDeps,
    ref: StepRef,
    attempt: number,
    name: string,
    { kind, mediaType }: LogKind = TEXT,
  ): Promise<RunLog> {
    const { organisationId, runId, trial } = ref.run;
    const opened = await persist(deps, organisationId, async (tx) => {
      const artifact = await openArtifact(tx, {
        organisationId,
        runId,
        trial,
        step: ref.step,
        item: ref.item,
        attempt,
        kind,
        name,
        mediaType,
      });
      await reopenArtifact(tx, artifact.id);
      return artifact;
    });
    const log = new RunLog(deps, organisationId, opened);
    if (opened.bytes > 0 && kind === 'log') log.line('— begun again after an interruption —');
    return log;
  }

  line(text: string): void {
    this.asItIs(`${new Date().toISOString().slice(11, 23)} ${text}`);
  }

  /** A line as it is, but for secrets. */
  asItIs(text: string): void {
    void this.write(Buffer.from(`${this.#deps.redactor.text(text)}\n`));
  }

  /** Gives a promise where the log is full: who has more waits for it. */
  write(chunk: Buffer): Promise<void> | void {
    if (this.#bytes > MAX_LOG_BYTES) return;
    this.#bytes += chunk.length;
    const kept =
      this.#bytes > MAX_LOG_BYTES ? Buffer.from('\n— the log is cut here: it is longer than Baton keeps —\n') : chunk;
    this.#buffer.push(kept);
    this.#buffered += kept.length;
    if (this.#buffered >= FULL_BYTES) return this.#flush();
    if (this.#buffered >= FLUSH_BYTES) void this.#flush();
    else this.#timer ??= setTimeout(() => void this.#flush(), FLUSH_MS);
  }

  /** Resolves when everything is written. */
  async close(): Promise<void> {
    await this.#flush();
    await persist(this.#deps, this.#organisationId, (tx) => closeArtifact(tx, this.id));
  }

  /** Resolves when what is buffered now is written. */
  #flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing ??= this.#writeOut().finally(() => (this.#writing = null));
    return this.#writing;
  }

  /** One write at a time: what comes meanwhile is the next one. */
  async #writeOut(): Promise<void> {
    while (this.#buffered > 0) {
      const body = Buffer.concat(this.#buffer);
      this.#buffer = [];
      this.#buffered = 0;
      try {
        await persist(this.#deps, this.#organisationId, (tx) => appendArtifact(tx, this.id, body));
      } catch (error) {
        this.#deps.log.error({ err: error, artifact: this.id }, 'a part of a log could not be written');
      }
    }
  }
}
