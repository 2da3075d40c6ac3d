import { saveTerritory } from '../../src/db/territories.js';
import { startEngine, type Engine } from '../support/engine.js';
import { changeAt } from '../support/forge-commit.js';

const FILES = {
  'README.md': 'a demo\n',
  'src/a.js': 'export const a = 1;\n',
  'web/page.js': 'export const page = 1;\n',
  'web/old.js': 'export const old = 1;\nexport const other = 2;\n',
  'infrastructure/main.tf': 'terraform {}\n',
  '.baton/repository.yaml': 'test: { command: "true" }\n',
};

/** What each does at its first attempt; told why that was refused, it changes what it may. */
const TRICKS: Readonly<Record<string, { readonly does: string; readonly denied: readonly string[] }>> = {
  'renames a file out of its territory': {
    does: `renameSync('web/old.js', 'src/old.js');`,
    denied: ['src/old.js', 'territory "web/**"'],
  },
  'renames a file into its territory': {
    does: `renameSync('src/a.js', 'web/a.js');`,
    denied: ['src/a.js', 'territory "web/**"'],
  },
  'deletes a file outside of it': { does: `rmSync('README.md');`, denied: ['README.md', 'territory "web/**"'] },
  'only makes one executable there': { does: `chmodSync('src/a.js', 0o755);`, denied: ['src/a.js', 'territory'] },
  'writes to a folder that only looks like its own': {
    does: `write('Web/page.js', '1'); write('we\\u200bb/x.js', '1');`,
    denied: ['Web/page.js', 'we\\u{200b}b/x.js', 'territory'],
  },
  'links out of the repository': {
    does: `symlinkSync('/etc/passwd', 'web/users'); symlinkSync('../../../etc', 'web/etc');`,
    denied: ['web/etc, web/users: a link points to a place in the repository', 'links'],
  },
  'links to a file that it may not change': {
    does: `symlinkSync('../infrastructure/main.tf', 'web/main.tf');`,
    denied: ['web/main.tf', 'files.never "infrastructure/*"', 'Baton’s default'],
  },
  'puts a link in the place of a folder that it may not change': {
    does: `rmSync('infrastructure', { recursive: true }); symlinkSync('web', 'infrastructure');`,
    denied: ['infrastructure, infrastructure/main.tf: it never changes these (files.never "infrastructure/*"'],
  },
  'writes what it may not under other names': {
    does: `write('web/.ENV', 'A=1'); write('web/.e\\u00adnv.local', 'A=1'); write('web/Ｓecret.txt', 'x'); write('Infrastructure/x.tf', 'x');`,
    denied: ['web/.ENV', 'files.never ".env*"', 'web/Ｓecret.txt', 'files.never "*secret*"', 'Infrastructure/x.tf'],
  },
  'declares a submodule': {
    does: `write('.gitmodules', '[submodule "x"]\\n\\tpath = web/x\\n\\turl = https://example.org/x.git\\n');`,
    denied: ['.gitmodules: no agent changes submodules', 'submodules, Baton, for every agent'],
  },
  'changes CI': {
    does: `write('.github/workflows/ci.yml', 'on: push'); write('jenkinsfile', 'x');`,
    denied: [
      '.github/workflows/ci.yml',
      'may.changeCi ".github/workflows"',
      'jenkinsfile',
      'may.changeCi "Jenkinsfile*"',
    ],
  },
};

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    files: FILES,
    builtIn: ['security-assessor'],
    agents: [
      ...Object.values(TRICKS).map(({ does }, index) => ({
        name: `trickster-${index}`,
        roles: ['frontend-developer'],
        script: `
          if (request.failure === null) { ${does} }
          write('web/page.js', 'export const page = 2;');
          done({ output: { failure: request.failure } });`,
      })),
      {
        name: 'asker',
        roles: ['frontend-developer'],
        script: `
          if (request.failure === null) { write('.env', 'A=1'); say({ type: 'question', text: 'So?', options: [{ name: 'A', says: 'a' }, { name: 'B', says: 'b' }] }); }
          else { write('web/page.js', '3'); done(); }`,
      },
      { name: 'breaker', roles: ['frontend-developer'], script: `write('.env', 'A=1'); process.exit(3);` },
      {
        name: 'lister',
        roles: ['frontend-developer'],
        script: `
          write('web/page.js', '4');
          if (request.failure === null) write('web/.env', 'A=1');
          say({ type: 'checklist', items: ['One'] });
          say({ type: 'item', item: 'One', status: 'done' });
          done();`,
      },
      {
        name: 'anywhere',
        roles: ['developer', 'backend-developer'],
        script: `write('src/a.js', 'export const a = 2;'); done();`,
      },
      {
        name: 'ops',
        roles: ['devops'],
        permissions: { may: { changeCi: true }, files: { never: [] }, limits: { filesPerCommit: 3 } },
        script: `
          for (let i = 0; i < (request.failure === null ? 4 : 2); i += 1) write('infrastructure/' + i + '.tf', 'x');
          write('.github/workflows/ci.yml', 'on: push');
          done({ output: { failure: request.failure } });`,
      },
      { name: 'trusted', permissions: { repositories: { denied: [] } }, script: `write('web/page.js', '8'); done();` },
      { name: 'migrator', permissions: { files: { approval: ['docs'] } }, script: `write('docs/a.md', '9'); done();` },
      {
        name: 'editor',
        roles: ['developer'],
        script: `
          write('web/old.js', 'export const old = 1;\\nexport const other = ' + (request.failure === null ? 3 : 2) + ';\\n');
          write('web/page.js', '7');
          done();`,
      },
      { name: 'guest', permissions: { may: { createBranch: false } }, script: `write('web/page.js', '5'); done();` },
      {
        name: 'spender',
        permissions: { limits: { tokensPerTask: 1000 } },
        script: `
          say({ type: 'usage', inputTokens: 700, outputTokens: 350 });
          write('web/page.js', '6' + request.action); done();`,
      },
    ],
  });
  const { organisationId } = engine.record;
  await engine.record.inTx((tx) =>
    saveTerritory(tx, { organisationId, projectId: engine.projectId, role: 'frontend-developer', globs: ['web/**'] }),
  );
  await engine.record.inTx((tx) =>
    saveTerritory(tx, { organisationId, projectId: engine.projectId, role: 'backend-developer', globs: ['api'] }),
  );
});
afterEach(() => engine.unhook());
afterAll(() => engine.stop());

const one = (agent: string, more = ''): string =>
  `name: by-${agent}\ntrigger: manual\nsteps:\n  - { name: One, agent: ${agent}, action: code.implement${more} }`;

const refusals = (runId: string) =>
  engine.record.inTx((tx) =>
    tx
      .selectFrom('audit')
      .select(['action', 'outcome', 'actor', 'details'])
      .where('resource', '=', `run:${runId}`)
      .where('outcome', '=', 'denied')
      .orderBy('id')
      .execute(),
  );

/** Every path that any commit of the forge, on whatever ref, holds or held. */
const pathsAtTheForge = async (): Promise<string[]> =>
  (await engine.forgeGit('log', '--all', '--no-renames', '--name-only', '--format=', '-z')).split(/[\0\n]/);

describe('an agent that', () => {
  it.each(Object.entries(TRICKS).map(([name, trick], index) => ({ name, index, ...trick })))(
    '$name is sent back with the rule, and nothing of it leaves the host',
    async ({ index, denied }) => {
      const agent = `trickster-${index}`;
      const { id, result } = await engine.run(one(agent));
      expect(result).toEqual({ status: 'succeeded', error: null });
      const attempts = await engine.record.attempts(id);
      expect(attempts.map(({ status, error }) => [status, error?.code])).toEqual([
        ['failed', 'denied'],
        ['succeeded', undefined],
      ]);
      const { message } = attempts[0]!.error!;
      for (const text of denied) expect(message).toContain(text);
      const { output, commit } = await engine.record.step(id, 'one');
      expect(output).toMatchObject({ failure: { code: 'denied', message } });
      expect(await engine.forgeGit('show', '--name-only', '--format=', commit!)).toBe('web/page.js');
      const audited = await refusals(id);
      expect(audited.length).toBeGreaterThan(0);
      expect(audited[0]).toMatchObject({
        action: 'commit.refuse',
        outcome: 'denied',
        actor: { kind: 'agent', name: agent },
      });
      expect(await engine.forgeGit('for-each-ref', `refs/baton/unfinished/${id}`)).toBe('');
      expect(await engine.record.log(id, 'one', 'agent.log')).toContain(`as refs/baton/unfinished/${id}/one/1/`);
    },
  );

  it('asks people with a tree that it may not leave is not heard, but sent back', async () => {
    const { id, result } = await engine.run(one('asker'));
    expect(result).toEqual({ status: 'succeeded', error: null });
    expect((await engine.record.attempts(id)).map(({ error }) => error?.code)).toEqual(['denied', undefined]);
  });

  it('breaks off on such a tree leaves it on its host', async () => {
    const { id, result } = await engine.run(one('breaker', ', retry: 1'));
    expect(result.status).toBe('failed');
    expect(await refusals(id)).toMatchObject([{ details: { rule: 'files.never', files: ['.env'] } }, {}]);
  });

  it('is done with an item on such a tree has it done once the tree is mended', async () => {
    const { id, result } = await engine.run(one('lister'));
    expect(result).toEqual({ status: 'succeeded', error: null });
    expect(await engine.record.log(id, 'one', 'agent.log')).toContain('what is done so far is not kept yet: lister');
    expect((await engine.record.attempts(id)).map(({ error }) => error?.code)).toEqual(['denied', undefined]);
  });

  it('leaves no trace of what was refused at the forge, on any ref', async () => {
    const paths = await pathsAtTheForge();
    expect(paths).toContain('web/page.js');
    expect(paths.filter((path) => /env|secret|\.tf|workflows|gitmodules|web\/(users|etc)/i.test(path))).toEqual([
      'infrastructure/main.tf',
    ]);
  });
});

describe('a territory', () => {
  it('bounds only the role that has it', async () => {
    const { result } = await engine.run(one('anywhere'));
    expect(result.status).toBe('succeeded');
  });

  it('bounds whoever is asked for as the role that has it', async () => {
    const { result } = await engine.run(`
name: asked-as
trigger: manual
steps:
  - { name: One, agent: role:backend-developer, action: code.implement, retry: 1 }
`);
    expect(result.error).toMatchObject({
      code: 'denied',
      message: expect.stringContaining('src/a.js: it changes nothing outside (territory "api"') as string,
    });
  });
});

describe('a change that others have moved meanwhile', () => {
  it('is looked at again as it is then, and goes back to the agent', async () => {
    let moved = false;
    engine.hooks.publishCommit = async (request, real) => {
      if (!moved) {
        moved = true;
        changeAt(engine.repository.remoteUrl, request.branch, (git) =>
          git('mv', 'web/old.js', 'infrastructure/old.js'),
        );
      }
      return real(request);
    };
    const { id, result } = await engine.run(`
name: moved
trigger: manual
steps:
  - { name: Branch, action: git.createBranch, params: { branch: moving } }
  - { name: One, agent: editor, action: code.implement }
`);
    expect(result).toEqual({ status: 'succeeded', error: null });
    const attempts = await engine.record.attempts(id);
    expect(attempts.map(({ error }) => error?.code)).toEqual(['denied', undefined]);
    expect(attempts[0]!.error!.message).toContain('infrastructure/old.js: it never changes these');
    expect(await engine.forgeGit('show', 'moving:infrastructure/old.js')).toBe(FILES['web/old.js'].trimEnd());
    expect(await engine.forgeGit('for-each-ref', `refs/baton/attempts/${id}/rebased`)).not.toContain('infrastructure');
  });
});

describe('permissions of an agent’s own', () => {
  it('take the place of the usual ones, and limit the files of a commit', async () => {
    const { id, result } = await engine.run(one('ops'));
    expect(result).toEqual({ status: 'succeeded', error: null });
    const [first] = await engine.record.attempts(id);
    expect(first!.error).toMatchObject({
      code: 'denied',
      message: expect.stringContaining(
        'a commit of it has at most 3 files, and this one has 5 (limits.filesPerCommit, the permissions of ops)',
      ) as string,
    });
  });

  it('keep it from a branch that is not there yet, which it cannot mend', async () => {
    const { id, result } = await engine.run(one('guest'));
    expect(result.error).toMatchObject({
      code: 'denied',
      message: expect.stringContaining('it may not create a branch') as string,
    });
    expect(await engine.record.attempts(id)).toHaveLength(1);
  });

  it('end its work at a task whose tokens it has used up, in whatever step', async () => {
    const { id, result } = await engine.run(`
name: twice
trigger: manual
steps:
  - { name: One, agent: spender, action: code.implement }
  - { name: Two, agent: spender, action: code.implement }
`);
    expect(result.error).toMatchObject({
      code: 'denied',
      message: expect.stringContaining('it may use 1000 tokens for a task, and has used 1050') as string,
    });
    expect((await engine.record.attempts(id)).map(({ status, error }) => [status, error?.code])).toEqual([
      ['succeeded', undefined],
      ['failed', 'denied'],
    ]);
    expect(await refusals(id)).toMatchObject([{ details: { rule: 'limits.tokensPerTask' } }]);
  });
});

describe('a repository that is denied', () => {
  it('is given to no agent, and the refusal is on the audit trail, once', async () => {
    await engine.addRepository('secrets', FILES);
    engine.hooks.assignAgent = async (request, real) => {
      await real(request).catch(() => undefined);
      return real(request);
    };
    const { id, result } = await engine.run(one('spender'), { repository: 'secrets' });
    expect(result.error).toMatchObject({
      code: 'no-agent',
      message: expect.stringContaining(
        'it may not work in the repository secrets (repositories.denied "secrets", Baton’s default)',
      ) as string,
    });
    expect(await engine.record.attempts(id)).toEqual([]);
    expect(await refusals(id)).toMatchObject([
      { action: 'step.assign', actor: { kind: 'agent', name: 'spender' }, details: { action: 'code.implement' } },
    ]);
  });

  it('is open to built-in agents that only look', async () => {
    const { result } = await engine.run(
      'name: assess\ntrigger: manual\nsteps:\n  - { name: One, agent: security-assessor, action: evaluateRisk, params: { vulnerabilities: [] } }',
      { repository: 'secrets' },
    );
    expect(result).toEqual({ status: 'succeeded', error: null });
  });

  it('is open to one whose permissions say so', async () => {
    const { result } = await engine.run(one('trusted'), { repository: 'secrets' });
    expect(result).toEqual({ status: 'succeeded', error: null });
  });
});

describe('files that need approval', () => {
  it('have people asked before they land, by the rule, whatever the policies let land alone', async () => {
    const run = await engine.startRun(`
name: held
trigger: manual
steps:
  - { name: Branch, action: git.createBranch, params: { branch: held } }
  - { name: One, agent: migrator, action: code.implement }
  - { name: Look, type: human-gate, approvers: [human:team-lead] }
`);
    await engine.asked(run, 'look');
    const { risk } = await engine.record.approval(run.id, 'look');
    expect(risk).toMatchObject({ tier: 'high' });
    expect(risk!.reasons[0]).toEqual({
      rule: 'files.approval',
      tier: 'high',
      why: 'an agent changes it only if people approve it (docs, the permissions of migrator): docs/a.md',
    });
    await engine.decide(run, 'look', 'lee');
    expect((await engine.finished(run)).status).toBe('succeeded');
  });
});
