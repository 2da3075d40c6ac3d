import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { StringDecoder } from 'node:string_decoder';
import type { Context } from '../context.js';
import { CliError, EXIT } from '../exit-code.js';
import { harmlessLines } from '../output/style.js';
import type { ApiClient } from './api-client.js';

export interface Download {
  readonly id: string;
  /** Null: standard output. */
  readonly file: string | null;
  /** Whether control characters stay; a file always has all bytes. */
  readonly raw: boolean;
}

/** Brings one artifact whole to standard output or to a file. The file is there only when all of it is. */
export async function downloadArtifact(
  context: Context,
  client: ApiClient,
  { id, file, raw }: Download,
): Promise<void> {
  const answer = await client.open(`/api/artifacts/${id}`, {});
  const body = Readable.fromWeb((answer.body ?? new Blob([]).stream()) as ReadableStream<Uint8Array>);
  if (file !== null) {
    await toFile(body, file);
    context.note(`written to ${file}`);
    return;
  }
  try {
    if (raw) for await (const chunk of body) await context.write(chunk as Uint8Array);
    else await harmlessly(body, context);
  } catch (error) {
    throw broken(error);
  }
}

async function harmlessly(body: Readable, context: Context): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of body) {
    const text = rest + decoder.write(chunk as Buffer);
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    if (end > 0) await context.write(Buffer.from(`${harmlessLines(text.slice(0, end - 1))}\n`));
  }
  rest += decoder.end();
  if (rest !== '') await context.write(Buffer.from(`${harmlessLines(rest)}\n`));
}

async function toFile(body: Readable, file: string): Promise<void> {
  const aside = `${file}.${randomUUID()}.part`;
  try {
    await pipeline(body, createWriteStream(aside, { flags: 'wx' }));
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw broken(error);
    throw new CliError(EXIT.usage, 'not-written', `${file} cannot be written: ${message}`);
  }
}

const broken = (error: unknown): unknown =>
  (error as Error).name === 'TypeError'
    ? new CliError(
        EXIT.unreachable,
        'unreachable',
        'The connection was lost before all of the artifact had come. Try again.',
      )
    : error;
