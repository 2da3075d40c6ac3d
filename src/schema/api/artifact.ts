import { z } from 'zod';
import { RUN_STATUSES } from '../../domain/run-state.js';
import { line, someOf, time, uuid, wholeNumber } from './fields.js';
import { named } from './named.js';

const ARTIFACT_KINDS = ['log', 'output', 'diff', 'report', 'events', 'session', 'context'] as const;

export const artifact = named(
  'Artifact',
  z.object({
    id: uuid,
    kind: z.enum(ARTIFACT_KINDS),
    name: z.string(),
    mediaType: z.string(),
    bytes: z.int(),
    closed: z.boolean().describe('Whether it is whole; an open one may grow'),
    createdAt: time,
  }),
);

/** Everything that a run kept, with where it belongs. */
export const runArtifacts = named(
  'RunArtifacts',
  z.object({
    run: z.object({ id: uuid, number: z.int(), status: z.enum(RUN_STATUSES), endedAt: time.nullable() }),
    items: z.array(
      artifact.extend({
        step: z.string().nullable().describe('Null: of the run as a whole'),
        item: z.int().nullable(),
        attempt: z.int().nullable(),
      }),
    ),
  }),
);

export const runArtifactsQuery = z.strictObject({
  kind: someOf(ARTIFACT_KINDS),
  step: line(100).optional().describe('Only those of this step'),
});

const MAX_TAIL_BYTES = 1024 * 1024;

export const artifactQuery = z.strictObject({
  tail: wholeNumber(1, MAX_TAIL_BYTES).optional().describe('Only the last so many bytes'),
  offset: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional().describe('Only what follows so many bytes'),
});
