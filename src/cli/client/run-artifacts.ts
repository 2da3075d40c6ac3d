import type { z } from 'zod';
import { runArtifacts } from '../../schema/api/artifact.js';
import type { ApiClient } from './api-client.js';

type RunArtifacts = z.output<typeof runArtifacts>;
export type RunArtifact = RunArtifacts['items'][number];

interface ArtifactFilter {
  readonly kind?: string;
  readonly step?: string | undefined;
}

/** What a run kept, and how the run is. */
export function listArtifacts(client: ApiClient, run: string, { kind, step }: ArtifactFilter): Promise<RunArtifacts> {
  const query = new URLSearchParams({ ...(kind !== undefined && { kind }), ...(step !== undefined && { step }) });
  return client.get(`/api/runs/${encodeURIComponent(run)}/artifacts?${query.toString()}`, runArtifacts);
}

/** `implement (2), attempt 1`; of a run as a whole: `run`. */
export function placeOf({ step, item, attempt }: Pick<RunArtifact, 'step' | 'item' | 'attempt'>): string {
  const of = item === null ? '' : ` (${item + 1})`;
  return step === null ? 'run' : `${step}${of}${attempt === null ? '' : `, attempt ${attempt}`}`;
}
