import type { Log } from 'sarif';
import type { Finding } from '../../src/domain/gate.js';
import { serveApi, type ServedApi } from './served-api.js';

let api: ServedApi;
let number: number;

const finding = (of: Partial<Finding>): Finding => ({
  rule: 'r',
  severity: 'low',
  message: 'm',
  file: null,
  line: null,
  fix: null,
  ...of,
});

const FOUND: readonly (readonly [gate: string | null, attempt: number, finding: Finding])[] = [
  ['lint', 1, finding({ rule: 'semi', severity: 'medium', file: 'src/a b#.ts', line: 3, fix: 'Add one.' })],
  ['lint', 2, finding({ rule: 'semi', severity: 'medium', file: 'src/c.ts' })],
  ['lint', 2, finding({ rule: 'quotes', severity: 'info' })],
  [null, 1, finding({ rule: 'sql-injection', severity: 'critical', message: 'bad', file: 'db.ts', line: 9 })],
];

beforeAll(async () => {
  api = await serveApi();
  const run = await api.record.createRun();
  const other = await api.record.createRun();
  ({ number } = run);
  const insert = (id: string, position: number, [gate, attempt, found]: (typeof FOUND)[number]) =>
    api.record.inTx((tx) =>
      tx
        .insertInto('findings')
        .values({
          organisation_id: api.record.organisationId,
          run_id: id,
          step: 'work',
          item: null,
          attempt,
          gate,
          commit: 'c0ffee',
          position,
          ...found,
        })
        .execute(),
    );
  for (const [position, found] of FOUND.entries()) await insert(run.id, position, found);
  await insert(other.id, 0, ['lint', 1, finding({ rule: 'of another run' })]);
});
afterAll(() => api.close());

const sarif = async (headers: Record<string, string>) => {
  const { text, headers: said } = await api.get(`/api/runs/${number}/findings`, { headers, as: 'reader' });
  return { log: JSON.parse(text) as Log, type: said.get('content-type') };
};

describe('GET /api/runs/:id/findings', () => {
  it('has what gates and reviewers found in that run, most severe first, in pages', async () => {
    const first = await api.get(`/api/runs/${number}/findings?limit=3`, { as: 'reader' });
    expect(first.body.items).toMatchObject([
      { rule: 'sql-injection', gate: null, step: 'work', item: null, attempt: 1, commit: 'c0ffee' },
      { rule: 'semi', gate: 'lint', attempt: 1, file: 'src/a b#.ts', line: 3, fix: 'Add one.' },
      { rule: 'semi', gate: 'lint', attempt: 2 },
    ]);
    const second = await api.get(`/api/runs/${number}/findings?limit=3&cursor=${first.body.next!}`);
    expect(second.body).toMatchObject({ items: [{ rule: 'quotes' }], next: null });
  });

  it('knows no other run’s, and no run that is not there', async () => {
    expect((await api.get('/api/runs/9999999/findings')).body).toMatchObject({ status: 404, code: 'run-not-found' });
    const refused = await api.get('/api/runs/9999999/findings', { headers: { accept: 'application/sarif+json' } });
    expect(refused.body).toMatchObject({ status: 404, code: 'run-not-found' });
  });

  it('is SARIF 2.1.0 where that is asked for', async () => {
    const { log, type } = await sarif({ accept: 'application/sarif+json' });
    expect(type).toMatch(/^application\/sarif\+json/);
    expect(log).toMatchObject({
      $schema: expect.stringMatching(/^https:\/\/.*sarif-schema-2\.1\.0\.json$/) as string,
      version: '2.1.0',
    });
    expect(log.runs.map(({ tool }) => tool.driver.name)).toEqual(['Baton review', 'Baton lint']);
    const lint = log.runs[1]!;
    expect(lint.automationDetails).toEqual({ id: `baton/run/${number}/lint` });
    expect(lint.tool.driver.rules).toEqual([{ id: 'semi' }, { id: 'quotes' }]);
    expect(lint.results).toEqual([
      {
        ruleId: 'semi',
        ruleIndex: 0,
        level: 'warning',
        message: { text: 'm\n\nAdd one.' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'src/a%20b%23.ts', uriBaseId: '%SRCROOT%' },
              region: { startLine: 3 },
            },
          },
        ],
        properties: { severity: 'medium', 'security-severity': '5.5', step: 'work', attempt: 1, commit: 'c0ffee' },
      },
      expect.objectContaining({
        ruleIndex: 0,
        locations: [{ physicalLocation: { artifactLocation: { uri: 'src/c.ts', uriBaseId: '%SRCROOT%' } } }],
      }),
      {
        ruleId: 'quotes',
        ruleIndex: 1,
        level: 'note',
        message: { text: 'm' },
        properties: { severity: 'info', 'security-severity': '0.0', step: 'work', attempt: 2, commit: 'c0ffee' },
      },
    ]);
    expect(log.runs[0]!.results![0]!.level).toBe('error');
  });

  it.each([[{ accept: '*/*' }], [{ accept: 'application/json' }]])('is JSON for %j', async (headers) => {
    expect((await sarif(headers)).type).toMatch(/^application\/json/);
  });

  it('of a run without findings is an empty page, and a document without runs', async () => {
    const empty = await api.record.createRun();
    expect((await api.get(`/api/runs/${empty.number}/findings`)).body).toEqual({ items: [], next: null });
    const { text } = await api.get(`/api/runs/${empty.number}/findings`, {
      headers: { accept: 'application/sarif+json' },
    });
    expect(JSON.parse(text)).toMatchObject({ version: '2.1.0', runs: [] });
  });
});
