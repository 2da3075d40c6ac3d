import { collectFacts } from '../../src/activities/facts/collect-facts.js';
import { checkOut } from '../../src/activities/workspace.js';
import { appendAudit } from '../../src/db/audit.js';
import { SYSTEM } from '../../src/db/events.js';
import { branchHead } from '../../src/git/clone.js';
import { startEngine, type Engine } from '../support/engine.js';

// Put together here, so that no scanner finds it in this file.
const KEY = ['-----BEGIN', ' PRIVATE KEY-----\n'].join('');
const locked = (license: string | undefined, more: object = {}) => ({
  version: '1.0.0',
  ...(license && { license }),
  ...more,
});
const FILES = {
  '.baton/repository.yaml': 'test: { command: "true" }\n',
  LICENSE: 'All rights reserved\n',
  '.gitignore': 'node_modules\n.env\n',
  'package.json': JSON.stringify({ dependencies: { pino: '9', free: '1' } }),
  'package-lock.json': JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { pino: '9' } },
      'node_modules/pino': locked('MIT'),
      'node_modules/viral': locked('GPL-3.0-only'),
      'node_modules/viral/node_modules/@odd/one': locked(undefined),
      'node_modules/old': locked(undefined, { license: { type: 'MIT' } }),
      'node_modules/tool': locked('AGPL-3.0', { dev: true }),
      'node_modules/mine': { resolved: 'packages/mine', link: true },
    },
  }),
  'config/app.yml': 'db: postgres://db/x?sslmode=disable\nqueue: amqp://queue.acme.io\nself: http://localhost:1\n',
  'src/client.js': 'a({ rejectUnauthorized: false });\nb(createHash("md5"));\nconsole.log(user.password);\n',
  'src/logo.bin': `\0rejectUnauthorized: false`,
  'test/client.test.js': 'a({ rejectUnauthorized: false });\nconsole.log(password);\n',
  'vendor/x.js': 'a({ rejectUnauthorized: false });\n',
  'README.md': 'Never set `rejectUnauthorized: false`.\n',
  'deploy/server.key': KEY,
};
const MERGE = `
name: merge-it
trigger: manual
steps:
  - { name: Implement, agent: devon, action: code.implement }
  - { name: Open, action: github.createPR, params: { title: 'A change' } }
  - { name: Approval, type: human-gate, approvers: [human:team-lead] }
  - { name: Merge, action: github.merge }
`;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    files: FILES,
    agents: [{ name: 'devon', moves: [{ action: 'code.implement', write: { 'src/b.js': 'b\n' } }] }],
  });
});
afterAll(() => engine.stop());

const facts = async (days: number | null = null) => {
  const checkout = await checkOut(engine.deps, engine.record.organisationId, engine.repository.id);
  const commit = (await branchHead(checkout.clone, 'main'))!;
  return collectFacts({ ...engine.deps, auditRetentionDays: days }, checkout, commit, {});
};

describe('the facts of a repository', () => {
  it('are read from the files of its commit: not of tests, prose, binary files and what is of others', async () => {
    expect(await facts(400)).toMatchObject({
      files: { licence: 'LICENSE', securityPolicy: null, lockFile: 'package-lock.json', tests: 1 },
      secrets: { files: ['deploy/server.key'], ignored: true },
      encryption: {
        unverified: ['config/app.yml:1', 'src/client.js:1'],
        plain: ['config/app.yml:2'],
        weak: ['src/client.js:2'],
      },
      logging: { known: true, library: 'pino', sensitive: ['src/client.js:3'] },
      dependencies: {
        known: true,
        count: 4,
        copyleft: ['viral (GPL-3.0-only)'],
        unknown: ['@odd/one (no licence)', 'old (no licence)'],
      },
      repository: { name: 'demo', protected: true },
      audit: { retentionDays: 400 },
      agents: { sandboxed: true },
    });
  });

  it("are those of Baton's own record as well: merges that nobody approved, scans, the audit trail", async () => {
    const run = await engine.startRun(MERGE);
    await engine.asked(run, 'approval');
    await engine.decide(run, 'approval', 'lee');
    expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
    expect(await facts()).toMatchObject({
      review: { merges: 1, unapproved: [] },
      scans: { recent: 0 },
      audit: { retentionDays: null },
    });
    const { audit } = await facts();
    expect((audit as { entries: number }).entries).toBeGreaterThan(0);

    const scan = await engine.run(
      'name: scan\nsteps:\n  - { name: Scan, action: audit.sast, params: { allowInconclusive: true } }\n',
    );
    // As a merge is written down, of a run in which nobody was asked.
    await engine.record.inTx((tx) =>
      appendAudit(tx, {
        organisationId: engine.record.organisationId,
        actor: SYSTEM,
        action: 'repository.merge',
        resource: 'repository:demo',
        details: { run: scan.number, pullRequest: 9 },
        outcome: 'success',
      }),
    );
    expect(await facts()).toMatchObject({
      review: { merges: 2, unapproved: ['pull request #9'] },
      scans: { recent: 1 },
    });

    await engine.record.inTx((tx) =>
      tx
        .updateTable('repositories')
        .set({ protected_branches: ['release/*'] })
        .where('id', '=', engine.repository.id)
        .execute(),
    );
    expect(await facts()).toMatchObject({ repository: { protected: false } });
  }, 240_000);
});
