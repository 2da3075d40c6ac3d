import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { bundleWorkflows, workflowBundle } from '../support/workflow-bundle.js';
import { decodeHistory, recordedHistories, type RecordedHistory } from './histories.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });

const replay = (
  { workflowId, history }: RecordedHistory,
  bundle: { codePath: string } | { code: string },
): Promise<void> => Worker.runReplayHistory({ workflowBundle: bundle }, decodeHistory(history), workflowId);

describe('the workflows of today go on with what those of the record began:', () => {
  it.each(recordedHistories())('%s', async (_name, recorded) => {
    await replay(recorded, { codePath: await workflowBundle() });
  });

  it('what each of the scenarios needs is among them', () => {
    const names = recordedHistories().map(([name]) => name);
    const ofRuns = [
      'driven.1.tddHandoff',
      'advised.1.step',
      'asked.1.step',
      'unanswered.1.step',
      'feature.0.run',
      'rerun.0.run',
      'cancelled.0.run',
      'fan.0.run',
    ];
    for (const needed of [
      ...ofRuns,
      'audit.0.expireAudit',
      'notice.0.notice',
      'escalation.0.escalation',
      'scheduled.0.scheduledRun',
      'trial.0.trial',
      'untried.0.trial',
    ])
      expect(names).toContain(`${needed}.json`);
    expect(names.filter((name) => name.endsWith('.step.json')).length).toBeGreaterThan(5);
  });

  it('no secret of a worker is in them', () => {
    for (const [, { history }] of recordedHistories()) {
      expect(Buffer.from(history, 'base64').toString('utf8')).not.toMatch(
        /postgres(ql)?:\/\/|baton_[\w-]{43}|BEGIN [A-Z ]*PRIVATE KEY/,
      );
    }
  });
});

describe('replay notices', () => {
  it('two activities of a workflow in another order', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baton-reordered-'));
    try {
      await cp(join(ROOT, 'src/workflows'), join(folder, 'src/workflows'), { recursive: true });
      await cp(join(ROOT, 'src/domain'), join(folder, 'src/domain'), { recursive: true });
      await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      const file = join(folder, 'src/workflows/steps/pipeline.ts');
      const source = await readFile(file, 'utf8');
      const first = /^ +await record\.recordStep\(\{ ref, status: 'running'[^;]*;\n/m.exec(source)![0];
      const second = /^ +const opened = await record\.openChildRun\([^;]*;\n/m.exec(source)![0];
      expect(source).toContain(first + second);
      await writeFile(file, source.replace(first + second, second + first));

      const code = await bundleWorkflows(join(folder, 'src/workflows/index.ts'));
      const [, recorded] = recordedHistories().find(([name]) => name === 'fan.0.run.json')!;
      await expect(replay(recorded, { code })).rejects.toMatchObject({ name: 'DeterminismViolationError' });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
