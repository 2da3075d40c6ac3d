import type { z } from 'zod';
import type { runDetail } from '../../schema/api/run.js';
import type { ApiClient } from '../client/api-client.js';
import { countOf } from './count-of.js';
import { harmlessLines, type Style } from './style.js';
import { duration } from './time.js';
import { table } from './table.js';

type Run = z.output<typeof runDetail>;

const TAIL_BYTES = 4_096;
const LINES_SHOWN = 5;

const setUpsOf = ({ steps }: Run) =>
  steps.flatMap(({ id, item, setUps }) =>
    setUps.map((setUp) => ({ ...setUp, step: item === null ? id : `${id} (${item + 1})` })),
  );

/** The last lines that running set-ups have printed so far, by the id of their log. */
export async function setUpOutputs(client: ApiClient, run: Run): Promise<ReadonlyMap<string, string>> {
  const outputs = new Map<string, string>();
  for (const { status, log } of setUpsOf(run)) {
    if (status !== 'running' || log === null) continue;
    const answer = await client.open(`/api/artifacts/${log}?tail=${TAIL_BYTES}`, {});
    const lines = harmlessLines(await answer.text())
      .trimEnd()
      .split('\n');
    outputs.set(log, lines.slice(-LINES_SHOWN).join('\n'));
  }
  return outputs;
}

/** How the worktrees of a run were made ready, and what set-ups print that still run. */
export function setUpLines(run: Run, style: Style, printed: ReadonlyMap<string, string>): string[] {
  const all = setUpsOf(run);
  const ran = all.filter(({ status }) => status !== 'cached');
  const cached = all.length - ran.length;
  if (all.length === 0) return [];
  const rows =
    ran.length === 0
      ? []
      : table(ran, [
          { title: 'OF', of: ({ step, attempt }) => `${step}, attempt ${attempt}`, max: 40 },
          { title: 'FOR', of: ({ purpose }) => purpose },
          { title: 'STATUS', of: ({ status }) => status, paint: style.status },
          { title: 'TOOK', of: ({ startedAt, endedAt }) => duration(startedAt, endedAt) },
          { title: 'NETWORK', of: ({ network }) => network },
          { title: 'COMMAND', of: ({ command }) => command, max: 60 },
        ]);
  const live = ran.flatMap(({ step, log }) => {
    const text = log === null ? undefined : printed.get(log);
    if (text === undefined) return [];
    return [style.dim(`${step} is being set up; its last lines:`), ...text.split('\n').map((line) => `  ${line}`)];
  });
  const note = cached === 0 ? [] : [style.dim(`${countOf(cached, 'set-up')} taken over from the cache`)];
  return ['', style.bold('set-up'), ...rows, ...note, ...live];
}
