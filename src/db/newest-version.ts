import type { Tx } from './connection.js';

/** Pipelines (`p`), each with its newest version (`v`): what the next run of it runs. */
export const newestVersions = (tx: Tx) =>
  tx
    .selectFrom('pipelines as p')
    .innerJoin('pipeline_versions as v', (join) =>
      join.onRef('v.pipeline_id', '=', 'p.id').onRef('v.version', '=', 'p.version'),
    );
