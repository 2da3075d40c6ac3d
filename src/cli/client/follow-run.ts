import { EventSourceParserStream } from 'eventsource-parser/stream';
import { event, type WireEvent } from '../../schema/api/event.js';
import { CliError, EXIT } from '../exit-code.js';
import { otherVersion, type ApiClient } from './api-client.js';

const RETRY_MS = 1_000;
/** A stream says something every 15 seconds, if only that it lives. */
const SILENCE_MS = 45_000;

/** What happened in a run and what happens, once each and in order, also across a restart of the server. */
export async function* followRun(client: ApiClient, runId: string, signal: AbortSignal): AsyncGenerator<WireEvent> {
  let lastId = '';
  let lost = false;
  for (;;) {
    try {
      for await (const happened of readStream(client, runId, lastId, signal)) {
        lost = false;
        lastId = happened.id;
        yield happened;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof CliError && error.exitCode !== EXIT.unreachable) throw error;
      // The first time nobody answers it may be a wrong address; later it is a server that comes back.
      if (lastId === '' && lost) throw error;
      lost = true;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function* readStream(
  client: ApiClient,
  runId: string,
  lastId: string,
  signal: AbortSignal,
): AsyncGenerator<WireEvent> {
  const silent = new AbortController();
  const headers = { accept: 'text/event-stream', ...(lastId === '' ? {} : { 'last-event-id': lastId }) };
  let timer = setTimeout(() => silent.abort(), SILENCE_MS);
  try {
    const response = await client.open(
      `/api/runs/${encodeURIComponent(runId)}/events`,
      headers,
      AbortSignal.any([signal, silent.signal]),
    );
    if (!response.body) return;
    const alive = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        clearTimeout(timer);
        timer = setTimeout(() => silent.abort(), SILENCE_MS);
        controller.enqueue(chunk);
      },
    });
    const messages = response.body
      .pipeThrough(alive)
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    for await (const message of messages) {
      const happened = event.safeParse(JSON.parse(message.data));
      if (!happened.success) throw otherVersion(client.url);
      yield happened.data;
    }
  } finally {
    clearTimeout(timer);
  }
}
