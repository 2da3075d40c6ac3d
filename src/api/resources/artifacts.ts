import type { Request } from 'express';
import { z } from 'zod';
import { readArtifact } from '../../artifacts/artifacts.js';
import { getArtifact, listRunArtifacts } from '../../db/artifact-views.js';
import { getRun, requireRunId } from '../../db/run-views.js';
import { BatonError } from '../../domain/errors.js';
import { artifactQuery, runArtifacts, runArtifactsQuery } from '../../schema/api/artifact.js';
import { uuid } from '../../schema/api/fields.js';
import { rawRoute, route } from '../route.js';
import { writeOut } from '../write-out.js';
import { runParams } from './runs.js';

/** What is read from the database at once. */
const SLICE_BYTES = 1024 * 1024;

export const artifactRoutes = [
  route({
    method: 'get',
    path: '/runs/:id/artifacts',
    id: 'listRunArtifacts',
    tag: 'Artifacts',
    summary: 'What a run kept, oldest first: logs, outputs, diffs, reports; with the state of the run',
    role: 'reader',
    params: runParams,
    query: runArtifactsQuery,
    response: runArtifacts,
    handle: ({ params, query: { kind, step }, read }) =>
      read(async (tx) => {
        const runId = await requireRunId(tx, params.id);
        const { id, number, status, endedAt } = await getRun(tx, runId);
        const kept = await listRunArtifacts(tx, runId);
        const items = kept.filter(
          (of) => (kind === undefined || kind.includes(of.kind)) && (step === undefined || of.step === step),
        );
        return { run: { id, number, status, endedAt }, items };
      }),
  }),
  rawRoute({
    method: 'get',
    path: '/artifacts/:id',
    id: 'readArtifact',
    tag: 'Artifacts',
    summary:
      'A log, diff, report or output: whole, by Range, from an offset on, or its end. Baton-Artifact-Closed says whether it can still grow',
    role: 'reader',
    params: z.object({ id: uuid }),
    query: artifactQuery,
    produces: { 'text/plain': null, 'text/x-diff': null, 'application/json': null, 'application/octet-stream': null },
    takes: { Range: 'One range of bytes, such as `bytes=0-99` or `bytes=-100`' },
    says: {
      'Baton-Artifact-Closed': '`false` while it can still grow',
      'Baton-Artifact-Bytes': 'The length of the whole so far',
      'Accept-Ranges': '`bytes`',
    },
    inParts: true,
    serve: async ({ params, query, read }, _deps, req, res) => {
      const artifact = await read((tx) => getArtifact(tx, params.id));
      const range = rangeOf(req, query, artifact.bytes);
      const type = artifact.mediaType;
      res.set({
        // What agents write is never run as a page of ours.
        'Content-Type': /^(text\/(plain|x-diff)|application\/json)\b/.test(type) ? type : 'application/octet-stream',
        'Content-Security-Policy': "default-src 'none'; sandbox",
        'Content-Disposition': `inline; filename="${artifact.name.replace(/[^\w.-]/g, '_')}"`,
        'Accept-Ranges': 'bytes',
        'Baton-Artifact-Closed': String(artifact.closed),
        'Baton-Artifact-Bytes': String(artifact.bytes),
        'Content-Length': String(range.end - range.start),
      });
      if (range.partial)
        res.status(206).set('Content-Range', `bytes ${range.start}-${range.end - 1}/${artifact.bytes}`);
      if (req.method === 'HEAD') return void res.end();
      for (let start = range.start; start < range.end && !res.destroyed;) {
        const slice = await read((tx) =>
          readArtifact(tx, artifact.id, { start, maxBytes: Math.min(SLICE_BYTES, range.end - start) }),
        );
        if (slice.length === 0) break;
        start += slice.length;
        await writeOut(res, slice);
      }
      res.end();
    },
  }),
];

interface Range {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly partial: boolean;
}

/** RFC 9110: one range; of several, or one that is not understood, the whole. */
function rangeOf(req: Request, { tail, offset }: z.output<typeof artifactQuery>, bytes: number): Range {
  if (tail !== undefined) return part(Math.max(0, bytes - tail), bytes, bytes);
  if (offset !== undefined) return part(Math.min(offset, bytes), bytes, bytes);
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(req.get('range') ?? '') ?? [];
  if (from === '' && to === '') return { start: 0, end: bytes, partial: false };
  const start = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes : Math.min(Number(to) + 1, bytes);
  if (start >= end)
    throw new BatonError('range-not-satisfiable', `The artifact has ${bytes} bytes; there is nothing in that range.`, {
      details: { bytes },
    });
  return part(start, end, bytes);
}

/** An empty part cannot be written as a range; it is an empty answer. */
const part = (start: number, end: number, bytes: number): Range => ({
  start,
  end,
  partial: end > start && end - start < bytes,
});
