import { readFileSync } from 'node:fs';
import { compilePipeline } from '../../../src/schema/pipeline/compile-pipeline.js';

const compile = (trigger: string, repositories?: readonly string[]) =>
  compilePipeline(`${trigger}\nname: p\nsteps: [{ name: One, action: flow.noop }]`, {
    file: 'p.yaml',
    known: { repositories },
  });
const codes = (...of: Parameters<typeof compile>): string[] => {
  const compiled = compile(...of);
  return (compiled.kind === 'refused' ? compiled.diagnostics : compiled.warnings).map(({ code }) => code);
};

describe('a schedule', () => {
  it('says its zone, what overlaps, how late it may be, and for which repository it is', () => {
    const compiled = compile(
      'trigger: { schedule: "weekly(sunday, 2am)", timezone: Europe/Berlin, overlap: allow, catchUp: 1d, repository: demo }',
      ['demo'],
    );
    expect(compiled).toMatchObject({
      kind: 'compiled',
      plan: {
        triggers: [
          {
            kind: 'schedule',
            cron: '0 2 * * 0',
            timeZone: 'Europe/Berlin',
            overlap: 'allow',
            catchUpMs: 86_400_000,
            repository: 'demo',
          },
        ],
      },
    });
  });

  it.each([
    ['overlap: maybe', 'bad-trigger'],
    ['catchUp: 2s', 'bad-trigger'],
    ['catchUp: soon', 'bad-duration'],
    ['repository: nope', 'unknown-repository'],
    ['timezone: Mars/Olympus', 'bad-time-zone'],
  ])('%s is refused as %s', (option, code) => {
    expect(codes(`trigger: { schedule: "daily(2am)", ${option} }`, ['demo'])).toEqual([code]);
  });

  it.each(['overlap: skip', 'catchUp: 1h', 'repository: demo'])('%s goes with nothing else', (option) => {
    expect(codes(`trigger: { label: bug, ${option} }`)).toEqual(['bad-trigger']);
  });
});

describe('an event', () => {
  it.each(['repo.push', 'repo.pr.opened', 'issue.labeled'])('%s starts runs', (type) => {
    expect(codes(`trigger: { event: ${type} }`)).toEqual([]);
  });

  it('that nothing tells of keeps the pipeline from being activated', () => {
    const compiled = compile('trigger: { event: repo.ci.failed }');
    expect(compiled).toMatchObject({ kind: 'compiled', unavailable: ['repo.ci.failed'] });
    expect(codes('trigger: { event: repo.ci.failed }')).toEqual(['not-there-yet']);
  });
});

describe('a pull request', () => {
  it('that a run opens is left out where the trigger says so, as that of code-review does', () => {
    const shipped = readFileSync(new URL('../../../templates/code-review.yaml', import.meta.url), 'utf8');
    expect(compilePipeline(shipped, { file: 'code-review.yaml' })).toMatchObject({
      plan: { triggers: [{ kind: 'event', type: 'repo.pr.opened', ownPullRequests: false }, { kind: 'manual' }] },
    });
    expect(codes('trigger: { event: repo.push, ownPullRequests: false }')).toEqual(['bad-trigger']);
    expect(codes('trigger: { label: bug, ownPullRequests: false }')).toEqual(['bad-trigger']);
  });
});
