import type { JsonObject } from '../../src/domain/json.js';
import { startEngine, type Engine, type EngineOptions } from '../support/engine.js';
import { commitTo } from '../support/forge-commit.js';

const engines: Engine[] = [];
async function engineWith(files: Readonly<Record<string, string>>, options: EngineOptions = {}): Promise<Engine> {
  const engine = await startEngine({ ...options, files });
  engines.push(engine);
  return engine;
}
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop();
});

// Put together here, so that no scanner finds it in this file.
const TOKEN = ['gh', 'p_', 'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0dF5hJ7'].join('');
const SECRET = `const token = '${TOKEN}';\n`;

const AUDIT = `
name: audit
steps:
  - { name: Secrets, action: audit.secrets }
  - { name: Static, action: audit.sast, parallel: true }
  - { name: Report, action: report.generate, params: { title: "The week's audit" } }
  - { name: File, action: github.createIssues, params: { findings: "{{ report.findings }}", labels: [security, auto-generated] } }
`;

const issuesOf = (engine: Engine) =>
  engine.record.inTx((tx) =>
    tx.selectFrom('issues').select(['number', 'title', 'state', 'labels']).orderBy('number').execute(),
  );
const commentsOf = (engine: Engine) =>
  engine.record.inTx((tx) => tx.selectFrom('issue_comments').select('body').orderBy('created_at').execute());
const outputOf = async (engine: Engine, id: string, step: string): Promise<JsonObject> =>
  (await engine.record.step(id, step)).output as JsonObject;

describe('an audit', () => {
  it('keeps what it finds, reports it, and files an issue for each', async () => {
    const engine = await engineWith({ 'app.js': `${SECRET}eval(input);\n` });
    const { id, result } = await engine.run(AUDIT);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await outputOf(engine, id, 'secrets')).toMatchObject({
      verdict: 'fail',
      commit: await engine.forgeGit('rev-parse', 'main'),
      summary: { critical: 1, total: 1 },
      findings: [{ rule: 'secretlint/github', file: 'app.js', line: 1 }],
    });
    const gates = await engine.record.gates(id);
    expect(gates.map(({ gate, verdict }) => `${gate} ${verdict}`).sort()).toEqual(['sast fail', 'secrets fail']);
    expect(gates[0]!.repository_id).toBe(engine.repository.id);
    expect(await outputOf(engine, id, 'report')).toMatchObject({
      title: "The week's audit",
      summary: '1 critical, 1 high in 2 scans of 1 repository',
      findings: { of: expect.arrayContaining(['secrets', 'static']) as unknown, count: 2 },
    });
    const report = await engine.record.log(id, 'report', 'report.md');
    expect(report).toContain("# The week's audit");
    expect(report).toContain('js-eval app.js:2');
    expect(report).not.toContain(TOKEN);
    expect(await issuesOf(engine)).toMatchObject([
      { state: 'open', labels: ['security', 'auto-generated'] },
      { state: 'open', labels: ['security', 'auto-generated'] },
    ]);
  });

  it('files nothing twice, closes what is gone, and opens again what comes back', async () => {
    const engine = await engineWith({ 'app.js': `${SECRET}eval(input);\n` });
    await engine.run(AUDIT);
    const { remoteUrl } = engine.repository;
    // The lines move: they are the same findings.
    commitTo(remoteUrl, 'main', { 'app.js': `// A comment.\n\n${SECRET}  eval(input);\n` });
    const second = await engine.run(AUDIT);
    expect(await outputOf(engine, second.id, 'file')).toEqual({ filed: 0, closed: 0, reopened: 0 });
    expect(await issuesOf(engine)).toHaveLength(2);

    commitTo(remoteUrl, 'main', { 'app.js': SECRET });
    const third = await engine.run(AUDIT);
    expect(await outputOf(engine, third.id, 'file')).toEqual({ filed: 0, closed: 1, reopened: 0 });
    expect((await issuesOf(engine)).map(({ state }) => state).sort()).toEqual(['closed', 'open']);
    expect(await commentsOf(engine)).toEqual([
      { body: expect.stringMatching(/^Run #3 does not find it any more, at [0-9a-f]{10}\.$/) as string },
    ]);

    commitTo(remoteUrl, 'main', { 'app.js': `${SECRET}eval(input);\n` });
    const fourth = await engine.run(AUDIT);
    expect(await outputOf(engine, fourth.id, 'file')).toEqual({ filed: 0, closed: 0, reopened: 1 });
    expect((await issuesOf(engine)).map(({ state }) => state)).toEqual(['open', 'open']);
    expect(await commentsOf(engine)).toContainEqual({ body: 'Run #4 found it again.' });
  });

  it('does once what is executed again after a crash', async () => {
    const engine = await engineWith({ 'app.js': `${SECRET}eval(input);\n` });
    // Each action is done, its answer is lost, and it is begun again; of filing also what it remembers.
    engine.hooks.runAction = async (request, real) => {
      await real(request);
      if (request.action === 'github.createIssues')
        await engine.record.inTx((tx) => tx.deleteFrom('finding_issues').execute());
      return real(request);
    };
    const { id, result } = await engine.run(AUDIT);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await issuesOf(engine)).toHaveLength(2);
    expect(await engine.record.gates(id)).toHaveLength(2);
    const kept = await engine.record.inTx((tx) => tx.selectFrom('findings').selectAll().execute());
    expect(kept).toHaveLength(2);

    engine.unhook();
    commitTo(engine.repository.remoteUrl, 'main', { 'app.js': '' });
    engine.hooks.runAction = async (request, real) => {
      await real(request);
      if (request.action === 'github.createIssues')
        await engine.record.inTx((tx) => tx.updateTable('finding_issues').set({ gone: false }).execute());
      return real(request);
    };
    await engine.run(AUDIT);
    expect(await commentsOf(engine)).toHaveLength(2);
    expect((await issuesOf(engine)).map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  it('fails the step where nobody can know, with how to mend it, unless the step allows it', async () => {
    const environment = { npm_config_registry: 'http://127.0.0.1:1' };
    const engine = await engineWith(
      { 'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }' },
      { environment },
    );
    const pipeline = (more: string) => `
name: dependencies
steps:
  - { name: Dependencies, action: audit.dependencies${more} }
  - { name: Report, action: report.generate, params: { format: pdf } }
`;
    const strict = await engine.run(pipeline(''));
    expect(strict.result).toMatchObject({
      status: 'failed',
      error: {
        code: 'scan-inconclusive',
        message: expect.stringContaining('Set `network: true` on the step') as string,
      },
    });
    const lenient = await engine.run(pipeline(', params: { allowInconclusive: true }'));
    expect(lenient.result).toMatchObject({ status: 'succeeded', error: null });
    expect(await outputOf(engine, lenient.id, 'dependencies')).toMatchObject({
      verdict: 'inconclusive',
      inconclusive: { mend: expect.stringContaining('`network: true`') as string },
    });
    expect(await engine.record.log(lenient.id, 'report', 'report.pdf')).toMatch(/^%PDF-1\.\d/);
  });

  it('closes no issue after a scan that did not see everything', async () => {
    const engine = await engineWith({ 'app.js': SECRET });
    await engine.run(AUDIT);
    commitTo(engine.repository.remoteUrl, 'main', { 'app.js': '' });
    const cache = engine.deps.scanners.cacheDirectory;
    const path = process.env['PATH'];
    process.env['PATH'] = '/usr/bin:/bin';
    Object.assign(engine.deps.scanners, { cacheDirectory: engine.root });
    try {
      await engine.run(AUDIT.replace('audit.secrets }', 'audit.secrets, params: { allowInconclusive: true } }'));
    } finally {
      process.env['PATH'] = path;
      Object.assign(engine.deps.scanners, { cacheDirectory: cache });
    }
    expect(await issuesOf(engine)).toMatchObject([{ state: 'open' }]);
  });
});

describe('findings that are given', () => {
  it('are filed in the repository of the step, once, also those of a compliance checker and of outputs', async () => {
    const engine = await engineWith({ 'README.md': 'a demo\n' });
    const pipeline = `
name: given
steps:
  - name: Report
    action: report.generate
    params: { findings: '{{ context.found }}' }
  - name: File
    action: github.createIssues
    params: { findings: '{{ report.findings }}' }
`;
    const violation = { rule: 'SOC2-1', severity: 'ERROR', location: 'LICENSE', remediation: 'Add a licence.' };
    const finding = { rule: 'r', severity: 'low', message: 'a thing', file: 'a.js', line: 1 };
    const context = { found: [violation, { findings: [finding] }] };
    for (const filed of [2, 0]) {
      const { id, result } = await engine.run(pipeline, { context });
      expect(result).toMatchObject({ status: 'succeeded', error: null });
      expect(await outputOf(engine, id, 'file')).toEqual({ filed, closed: 0, reopened: 0 });
    }
    expect((await issuesOf(engine)).map(({ title }) => title)).toEqual([
      'high: SOC2-1 (LICENSE)',
      'low: a thing (a.js)',
    ]);
    const wrong = await engine.run(pipeline, { context: { found: [{ rule: 'r' }] } });
    expect(wrong.result).toMatchObject({ status: 'failed', error: { code: 'param-invalid' } });
  });
});

describe('a gate that scans', () => {
  it('sends a secret back to the agent that left it, and passes when it is gone', async () => {
    const engine = await engineWith(
      { 'README.md': 'a demo\n' },
      {
        agents: [
          {
            name: 'devon',
            script: `write('app.js', request.attempt === 1 ? ${JSON.stringify(SECRET)} : 'done\\n'); const back = request.failure?.gates.map(({ gate, findings }) => ({ gate, findings: findings.map(({ rule, file, line }) => rule + ' ' + file + ':' + line) })); write('back.json', JSON.stringify(back ?? null)); done();`,
          },
        ],
      },
    );
    const { id, result } = await engine.run(`
name: gated
steps:
  - { name: Work, agent: devon, action: code.implement, gates: [secrets, "sast: medium"], retry: { attempts: 2, delay: 10ms } }
`);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(
      (await engine.record.gates(id)).map(({ attempt, gate, verdict }) => `${attempt} ${gate} ${verdict}`),
    ).toEqual(['1 secrets fail', '1 sast pass', '2 secrets pass', '2 sast pass']);
    const { branch } = await engine.record.run(id);
    expect(JSON.parse(await engine.forgeGit('show', `${branch!}:back.json`))).toEqual([
      { gate: 'secrets', findings: ['secretlint/github app.js:1'] },
    ]);
  });

  it('is inconclusive without its tools, and never a pass', async () => {
    const engine = await engineWith(
      { 'README.md': 'a demo\n' },
      { agents: [{ name: 'devon', script: `write('a.txt', 'a'); done();` }] },
    );
    const path = process.env['PATH'];
    process.env['PATH'] = '/usr/bin:/bin';
    Object.assign(engine.deps.scanners, { cacheDirectory: engine.root });
    try {
      const { result } = await engine.run(`
name: gated
steps:
  - { name: Work, agent: devon, action: code.implement, gates: secrets }
`);
      expect(result).toMatchObject({
        status: 'failed',
        error: { code: 'gate-inconclusive', message: expect.stringContaining('Put gitleaks on the PATH') as string },
      });
    } finally {
      process.env['PATH'] = path;
    }
  });
});
