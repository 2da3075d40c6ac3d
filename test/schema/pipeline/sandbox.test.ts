import { AGENT, compileStep as compile, faultsOfStep as faults } from './one-step.js';

describe('the sandbox of a step', () => {
  it('is what its programs may take, and which hosts are left to them', () => {
    expect(compile(...AGENT, 'sandbox: { memoryMib: 2048, cpus: 0.5, hosts: [a.example:443] }')).toMatchObject({
      plan: { steps: [{ sandbox: { memoryMib: 2048, cpus: 0.5, hosts: ['a.example:443'] } }] },
    });
    expect(compile(...AGENT, 'sandbox: { processes: 64, hosts: [] }')).toMatchObject({
      plan: { steps: [{ sandbox: { processes: 64, hosts: [] } }] },
    });
    expect(compile('action: tdd.handoff', 'sandbox: { diskMib: 100 }')).toMatchObject({
      plan: { steps: [{ kind: 'handoff', sandbox: { diskMib: 100 } }] },
    });
    expect(compile(...AGENT)).not.toHaveProperty('plan.steps.0.sandbox');
  });

  it('stands beside what its program is told at most', () => {
    expect(compile(...AGENT, 'contextTokens: 5000')).toMatchObject({ plan: { steps: [{ contextTokens: 5000 }] } });
    expect(faults(...AGENT, 'contextTokens: 10')).toEqual([
      '6:20 bad-value: `contextTokens` is a whole number from 1000 to 1000000, not `10`',
    ]);
    expect(faults('action: flow.noop', 'contextTokens: 5000')).toEqual([
      '5:5 misplaced-key: `contextTokens` is of steps that an agent does',
    ]);
  });

  it.each([
    ['sandbox: 2048', '6:14 bad-value: `sandbox` is a mapping, not `2048`'],
    ['sandbox: { memory: 2048 }', '6:16 unknown-key: `memory` is no key of a sandbox'],
    ['sandbox: { memoryMib: 8 }', '6:27 bad-value: `memoryMib` is a whole number from 16 to 65536, not `8`'],
    ['sandbox: { fileMib: 1.5 }', '6:25 bad-value: `fileMib` is a whole number from 1 to 1048576, not `1.5`'],
    ['sandbox: { cpus: 0 }', '6:22 bad-value: `cpus` is a number from 0.05 to 1024, not `0`'],
    ['sandbox: { hosts: [a.example] }', '6:24 bad-value: `a.example` is no host with its port'],
    [
      `sandbox: { hosts: [${Array.from({ length: 101 }, (_, n) => `h${n}.example:443`).join(', ')}] }`,
      '6:23 bad-value: a step names at most 100 hosts, these are 101',
    ],
  ])('is refused as %j, with its place', (line, fault) => {
    expect(faults(...AGENT, line)).toEqual([fault]);
  });

  it.each([[['action: flow.noop']], [['type: human-gate', 'approvers: human:lee']]])(
    'is of steps that an agent does: not of %j',
    (step) => {
      expect(faults(...step, 'sandbox: { cpus: 1 }')).toEqual([
        expect.stringMatching(/misplaced-key: `sandbox` is of steps that an agent does/),
      ]);
    },
  );
});
