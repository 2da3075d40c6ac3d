import { appendEvent, SYSTEM } from '../src/db/events.js';
import { absolute, quantile, type Measurement } from './measure.js';
import type { System } from './system.js';

const EVENTS = 100;

/** From the commit of an event to the moment when a reader of the live stream has it. */
export async function feed(system: System): Promise<Measurement[]> {
  const { url, token } = system.platform;
  const ended = new AbortController();
  const response = await fetch(`${url}/api/events`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    signal: ended.signal,
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const until = async (key: string): Promise<void> => {
    while (!text.includes(key)) {
      const { value, done } = await reader.read();
      if (done) throw new Error('the stream ended');
      text += value;
    }
    text = '';
  };
  const write = (key: string) =>
    system.within((tx) =>
      appendEvent(tx, {
        organisationId: system.principal.organisationId,
        projectId: system.projectId,
        key,
        type: 'step.completed',
        actor: SYSTEM,
        briefing: key,
        payload: {},
      }),
    );
  const delaysMs: number[] = [];
  for (let n = 0; n < EVENTS; n += 1) {
    const key = `bench-feed-${n}-end`;
    await write(key);
    const committedAt = performance.now();
    await until(key);
    delaysMs.push(performance.now() - committedAt);
  }
  ended.abort();
  return [
    absolute('event to live reader, p95', 'ms', quantile(delaysMs, 0.95), {
      text: 'under 100 ms',
      holds: (value) => value < 100,
    }),
  ];
}
