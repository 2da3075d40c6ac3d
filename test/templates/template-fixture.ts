import { readFileSync } from 'node:fs';
import { ApplicationFailure } from '@temporalio/common';
import type { Engine, StartOptions, StartedRun } from '../support/engine.js';

/** The text of a built-in pipeline. */
export const template = (name: string): string =>
  readFileSync(new URL(`../../templates/${name}.yaml`, import.meta.url), 'utf8');

/** A small library with tests, as a repository begins. */
export const CALCULATOR: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "calculator", "type": "module", "scripts": { "test": "node --test" } }\n',
  'src/divide.js': 'export const divide = (a, b) => a / b;\n',
  'test/divide.test.js': `import assert from 'node:assert';
import { test } from 'node:test';
import { divide } from '../src/divide.js';
test('divides', () => assert.equal(divide(6, 3), 2));
`,
};

/** Runs a finished run again from a step, and breaks one: it ends there, and what comes after is skipped. */
export async function failAt(
  engine: Engine,
  { of, from, step, approver }: { readonly of: string; readonly from: string; readonly step: string; readonly approver: string },
): Promise<void> {
  breakStep(engine, step);
  const run = await engine.rerun(of, from);
  const deciding = decideAll(engine, run, approver, undefined);
  expect(await engine.finished(run)).toMatchObject({ status: 'failed', error: { code: 'broken', step } });
  await deciding.stop();
  const statuses = await engine.record.statuses(run.id);
  expect(statuses[step]).toBe('failed');
  const { plan } = await engine.record.inTx((tx) =>
    tx
      .selectFrom('runs as r')
      .innerJoin('pipeline_versions as v', (join) =>
        join.onRef('v.pipeline_id', '=', 'r.pipeline_id').onRef('v.version', '=', 'r.pipeline_version'),
      )
      .select('v.plan')
      .where('r.id', '=', run.id)
      .executeTakeFirstOrThrow(),
  );
  // In their order, so that what a step depends on is known before it.
  const after = plan.steps.reduce<readonly string[]>(
    (known, { id, dependsOn }) => (dependsOn.some((other) => other === step || known.includes(other)) ? [...known, id] : known),
    [],
  );
  expect(after.filter((id) => statuses[id] !== 'skipped')).toEqual([]);
}

/** What breaks one step, whatever kind it is of; the others go on as they are. */
function breakStep(engine: Engine, broken: string): void {
  const failure = { code: 'broken', message: 'broken on purpose' };
  engine.hooks.runAction = (request, real) => {
    if (request.ref.step === broken) throw ApplicationFailure.nonRetryable(failure.message, failure.code);
    return real(request);
  };
  engine.hooks.runAttempt = (request, real) =>
    request.ref.step === broken
      ? Promise.resolve({ kind: 'failed', base: '', failure: { ...failure, gates: [], findings: [] }, retryable: false })
      : real(request);
}

/** Starts a built-in pipeline and gives every approval that it asks for, but that of the step `rejected`. */
export async function govern(
  engine: Engine,
  name: string,
  { approver, rejected, ...start }: StartOptions & { readonly approver: string; readonly rejected?: string },
): Promise<StartedRun & { readonly result: Awaited<ReturnType<Engine['finished']>> }> {
  const run = await engine.startRun(template(name), start);
  return { ...run, result: await outcomeOf(engine, run, approver, rejected) };
}

/** How a run ends where every approval is given, but that of the step `rejected`. */
export async function outcomeOf(engine: Engine, run: StartedRun, approver: string, rejected?: string) {
  const decided = decideAll(engine, run, approver, rejected);
  const result = await engine.finished(run);
  await decided.stop();
  return result;
}

function decideAll(engine: Engine, run: StartedRun, approver: string, rejected: string | undefined) {
  let isOver = false;
  const decided = new Set<string>();
  const decide = async (): Promise<void> => {
    while (!isOver) {
      const open = await engine.record.inTx((tx) =>
        tx.selectFrom('approvals').select('step').where('run_id', '=', run.id).where('status', '=', 'open').execute(),
      );
      for (const { step } of open.filter((each) => !decided.has(each.step))) {
        decided.add(step);
        await engine.decide(run, step, approver, step === rejected ? 'reject' : 'approve');
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const deciding = decide();
  return {
    stop: (): Promise<void> => {
      isOver = true;
      return deciding;
    },
  };
}
