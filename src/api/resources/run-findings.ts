import { listRunFindings, selectFindings } from '../../db/finding-views.js';
import { getRun, requireRunId } from '../../db/run-views.js';
import { runFindingPage, runFindingQuery } from '../../schema/api/finding.js';
import { rawRoute } from '../route.js';
import { toSarif } from '../sarif.js';
import { runParams } from './runs.js';

const SARIF = 'application/sarif+json';
/** Of one document; others read no more of it either. */
const MAX_RESULTS = 25_000;

export const runFindingRoutes = [
  rawRoute({
    method: 'get',
    path: '/runs/:id/findings',
    id: 'listRunFindings',
    tag: 'Runs',
    summary: `What the gates, scanners and reviewers of a run found, most severe first; with \`Accept: ${SARIF}\` as one SARIF 2.1.0 document`,
    role: 'reader',
    params: runParams,
    query: runFindingQuery,
    produces: { 'application/json': runFindingPage, [SARIF]: null },
    takes: { Accept: `\`application/json\`, or \`${SARIF}\`: then there are no pages` },
    serve: async ({ params, query, read }, { checkAnswers }, req, res) => {
      res.vary('Accept');
      if (req.accepts(['application/json', SARIF]) === SARIF) {
        const log = await read(async (tx) => {
          const { id, number } = await getRun(tx, await requireRunId(tx, params.id));
          const found = await selectFindings(tx, id, { start: 0, limit: MAX_RESULTS + 1 });
          return toSarif({ run: number, findings: found.slice(0, MAX_RESULTS), cut: found.length > MAX_RESULTS });
        });
        res.type(SARIF).send(JSON.stringify(log));
        return;
      }
      const page = await read(async (tx) => listRunFindings(tx, await requireRunId(tx, params.id), query));
      if (checkAnswers) runFindingPage.parse(page);
      res.json(page);
    },
  }),
];
