import { readArtifact } from '../artifacts/artifacts.js';
import { readBriefing, type Briefed } from '../db/briefings.js';
import type { Tx } from '../db/connection.js';
import type { Entry } from '../domain/context/search.js';
import { contextFile } from '../schema/api/briefing.js';

export type Briefing = Awaited<ReturnType<typeof briefingOf>>;

/** All that an agent has to know of its task, with the files that its last attempt was shown. */
export async function briefingOf(tx: Tx, of: Briefed) {
  const { context, ...briefing } = await readBriefing(tx, of);
  if (context === null) return { ...briefing, commit: null, files: [] };
  const text = await readArtifact(tx, context.id, { start: 0, maxBytes: context.bytes });
  return { ...briefing, ...contextFile.parse(JSON.parse(text.toString('utf8'))) };
}

/** A briefing in pieces that can be searched. */
export const entriesOf = ({ issue, log, files, events, questions }: Briefing): readonly Entry[] => [
  ...(issue === null ? [] : [{ where: `issue #${issue.number} ${issue.title}`, text: issue.body }]),
  ...(issue === null ? [] : [{ where: 'acceptance criteria', text: issue.acceptanceCriteria }]),
  ...files.flatMap(({ path, snippets }) =>
    snippets.map(({ from, text }) => ({ where: `${path}, from line ${from}`, text })),
  ),
  ...log.map(({ step, attempt, agent, summary, error }) => ({
    where: `${step}, attempt ${attempt}, ${agent ?? 'nobody'}`,
    text: [summary, error].filter((part) => part !== null && part !== '').join('\n'),
  })),
  ...questions.map(({ step, text }) => ({ where: `open question of ${step}`, text })),
  ...events.map(({ at, briefing }) => ({ where: `event at ${at.toISOString()}`, text: briefing })),
];
