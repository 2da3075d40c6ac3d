import { readArtifact } from '../../artifacts/artifacts.js';
import { listEventFiles } from '../../db/artifact-views.js';
import { listRefusals } from '../../db/refusal-views.js';
import { requireRunId } from '../../db/run-views.js';
import { activityLine, activityQuery } from '../../schema/api/activity.js';
import { refusalPage, refusalQuery } from '../../schema/api/refusal.js';
import { matchesActivity } from '../activity-filter.js';
import { rawRoute, route, type Call } from '../route.js';
import { writeOut } from '../write-out.js';
import { runParams } from './runs.js';

const NDJSON = 'application/x-ndjson';
/** What is read from the database at once. */
const SLICE_BYTES = 1024 * 1024;

export const activityRoutes = [
  rawRoute({
    method: 'get',
    path: '/runs/:id/activity',
    id: 'exportActivity',
    tag: 'Runs',
    summary: 'What the agents of a run did, as JSON lines, attempt by attempt: all of it, or what a filter leaves',
    role: 'reader',
    params: runParams,
    query: activityQuery,
    produces: { [NDJSON]: activityLine },
    serve: async ({ params, query, read }, _deps, req, res) => {
      const files = await read(async (tx) => listEventFiles(tx, await requireRunId(tx, params.id), query));
      res.set({
        'Content-Type': `${NDJSON}; charset=utf-8`,
        'Content-Disposition': 'attachment',
      });
      if (req.method === 'HEAD') return void res.end();
      for (const { step, item, attempt, ...file } of files) {
        for await (const lines of linesOf(file, read)) {
          if (res.destroyed) return;
          const events = lines.flatMap(parse).filter((event) => matchesActivity(event, query));
          const out = events.map((event) => `${JSON.stringify({ step, item, attempt, ...event })}\n`);
          if (out.length > 0) await writeOut(res, out.join(''));
        }
      }
      res.end();
    },
  }),
  route({
    method: 'get',
    path: '/runs/:id/refusals',
    id: 'listRefusals',
    tag: 'Runs',
    summary: 'What Baton refused of the attempts of a run, oldest first, for as long as the audit trail keeps it',
    role: 'reader',
    params: runParams,
    query: refusalQuery,
    response: refusalPage,
    handle: ({ params, query, read }) => read(async (tx) => listRefusals(tx, await requireRunId(tx, params.id), query)),
  }),
];

/** The whole lines of an artifact as it is now, a bunch at a time. */
async function* linesOf({ id, bytes }: { readonly id: string; readonly bytes: number }, read: Call['read']) {
  let begun = Buffer.alloc(0);
  for (let start = 0; start < bytes;) {
    const from = start;
    const slice = await read((tx) =>
      readArtifact(tx, id, { start: from, maxBytes: Math.min(SLICE_BYTES, bytes - from) }),
    );
    if (slice.length === 0) return;
    start += slice.length;
    const text = Buffer.concat([begun, slice]);
    const end = text.lastIndexOf('\n') + 1;
    begun = text.subarray(end);
    yield text.toString('utf8', 0, end).split('\n');
  }
}

/** What is no event is none of ours: such as the line that says where a file is cut. */
function parse(line: string): readonly Readonly<Record<string, unknown>>[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value ? [{ ...value }] : [];
  } catch {
    return [];
  }
}
