import { z } from 'zod';
import { recordedError, time, uuid } from './fields.js';
import { named } from './named.js';

const MAX_CONFIG_CHARACTERS = 100_000;
const configText = z.string().min(1).max(MAX_CONFIG_CHARACTERS).describe('The text of `.baton/repository.yaml`');

export const repositoryProposal = named(
  'RepositoryProposal',
  z.object({
    repository: z.string(),
    branch: z.string(),
    commit: z.string(),
    existing: z.string().nullable().describe('The `.baton/repository.yaml` that the branch has already'),
    languages: z.array(z.object({ name: z.string(), files: z.int() })),
    packageManagers: z.array(z.object({ name: z.string(), because: z.string() })),
    tools: z
      .array(z.object({ tool: z.string(), version: z.string(), file: z.string() }))
      .describe('Tool versions that the repository asks for'),
    text: z.string().describe('The `.baton/repository.yaml` that is proposed'),
    reasons: z.array(z.object({ part: z.string(), says: z.string() })),
    doubts: z.array(z.string()).describe('What is not sure, or missing'),
  }),
);

const phase = z.object({
  name: z.string().describe('`setup`, or a gate'),
  status: z.enum(['running', 'pass', 'fail', 'inconclusive']),
  startedAt: time,
  durationMs: z.number().nullable(),
  command: z.string().nullable(),
  exitCode: z.int().nullable(),
  summary: z.string(),
  tail: z.string().describe('The end of the output'),
  mend: z.string().nullable().describe('How to fix it, where the output does not say'),
});

export const trial = named(
  'Trial',
  z.object({
    id: uuid,
    repository: z.string(),
    requestedBy: z.string(),
    commit: z.string(),
    config: z.string(),
    status: z.enum(['pending', 'running', 'done', 'failed', 'cancelled']),
    passed: z.boolean().describe('Whether it is done and set-up and every gate passed'),
    phases: z.array(phase),
    passedParts: z
      .object({
        config: z.string().nullable().describe('The configuration without the rest; null: no part passed'),
        leftOut: z.array(z.string()).describe('Parts of the configuration that did not pass'),
      })
      .nullable()
      .describe('What passed; null unless the trial is done'),
    error: recordedError.nullable().describe('Why it could not be made'),
    logArtifact: uuid.nullable().describe('Its log, which grows while it runs'),
    createdAt: time,
    endedAt: time.nullable(),
  }),
);
export const trialList = named('TrialList', z.object({ items: z.array(trial) }));

export const newTrial = named(
  'NewTrial',
  z.strictObject({
    config: configText.optional().describe('Left out: what the branch has, else what is proposed'),
  }),
);

export const newConfiguration = named(
  'NewConfiguration',
  z.strictObject({
    config: configText,
    replace: z.boolean().default(false).describe('Whether one that is there is replaced'),
  }),
);

export const placedConfiguration = named(
  'PlacedConfiguration',
  z.object({ repository: z.string(), kind: z.literal('committed'), branch: z.string(), commit: z.string() }),
);
