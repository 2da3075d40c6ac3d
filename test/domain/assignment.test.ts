import fc from 'fast-check';
import { assignAgent, isApproved } from '../../src/domain/assignment.js';
import type { Candidate } from '../../src/domain/candidate.js';
import type { AgentRef, Plan, PlanStep } from '../../src/domain/plan.js';

const agent = (name: string, more: Partial<Candidate> = {}): Candidate => ({
  id: `id-${name}`,
  name,
  roles: [],
  capabilities: [],
  riskLevel: 'AUTO',
  status: 'idle',
  ...more,
});
const nameOf = (
  ref: AgentRef,
  candidates: readonly Candidate[],
  sameAs: string | null = null,
  action = 'code.fix',
): string | null => {
  const assignment = assignAgent(ref, action, candidates, sameAs, false);
  return assignment.kind === 'assigned' ? assignment.agent.name : null;
};
const any: AgentRef = { kind: 'any' };
const role = (name: string): AgentRef => ({ kind: 'role', role: name });

describe('assignAgent', () => {
  it('gives a step to the agent that it names', () => {
    expect(nameOf({ kind: 'named', name: 'tara' }, [agent('devon'), agent('tara')])).toBe('tara');
  });

  it('gives a step to the agent that did the earlier one', () => {
    const same: AgentRef = { kind: 'same', step: 'before' };
    expect(nameOf(same, [agent('devon'), agent('tara')], 'id-tara')).toBe('tara');
  });

  it('has another take over where the agent of the earlier step is gone, one with its roles first', () => {
    const same: AgentRef = { kind: 'same', step: 'before' };
    const tara = agent('tara', { roles: ['tester'], status: 'paused' });
    const zoe = agent('zoe', { roles: ['tester', 'developer'] });
    expect(nameOf(same, [agent('devon'), tara, zoe], 'id-tara')).toBe('zoe');
    expect(nameOf(same, [agent('devon', { capabilities: ['review.code'] }), tara], 'id-tara')).toBeNull();
    expect(nameOf(same, [agent('devon')], 'id-deleted')).toBe('devon');
    expect(nameOf(same, [agent('devon')], null)).toBe('devon');
  });

  it('takes the first by name that can do the action; an agent that lists nothing can do all', () => {
    const candidates = [
      agent('zoe'),
      agent('ada', { capabilities: ['code.implement'] }),
      agent('bea', { capabilities: ['code.fix'] }),
    ];
    expect(nameOf(any, candidates)).toBe('bea');
  });

  it('takes one that holds the role, or the family of the role', () => {
    expect(
      nameOf(
        role('code-reviewer'),
        [agent('a', { roles: ['tester'] }), agent('b', { roles: ['reviewer'] })],
        null,
        'review.code',
      ),
    ).toBe('b');
    const special = [agent('rae', { roles: ['tester', 'code-reviewer'] })];
    expect(assignAgent(role('reviewer'), 'review.code', special, null, true)).toEqual({
      kind: 'nobody',
      reason: expect.stringMatching(
        /^no agent holds the role reviewer, .*\. Write `role:code-reviewer`, which rae holds\. Or register one with `baton/,
      ) as string,
    });
    expect(assignAgent(role('chef'), 'serve', [agent('ann', { roles: ['chief'] })], null, true)).toMatchObject({
      reason: expect.stringContaining('Write `role:chief`, which ann holds.') as string,
    });
    const tester = agent('a', { roles: ['tester'], capabilities: ['review.code'] });
    expect(nameOf(role('tester'), [tester], null, 'code.writeTests')).toBeNull();
  });

  it('prefers the role itself to its family', () => {
    expect(
      nameOf(
        role('code-reviewer'),
        [agent('a', { roles: ['reviewer'] }), agent('b', { roles: ['code-reviewer'] })],
        null,
        'review.code',
      ),
    ).toBe('b');
  });

  it('gives nothing in a repository to an agent that its permissions keep out of it, even by name, and says why', () => {
    const barred = agent('ada', {
      barred: 'it may not work in the repository secrets (repositories.denied "secrets")',
    });
    expect(nameOf(any, [barred, agent('bea')])).toBe('bea');
    expect(assignAgent({ kind: 'named', name: 'ada' }, 'code.fix', [barred], null, false)).toMatchObject({
      kind: 'nobody',
      reason: expect.stringMatching(/^ada is kept out: it may not work in the repository secrets/) as string,
    });
  });

  it('gives no new work to agents that are paused or offline, even by name', () => {
    expect(nameOf({ kind: 'named', name: 'a' }, [agent('a', { status: 'paused' })])).toBeNull();
    expect(nameOf(any, [agent('a', { status: 'offline' }), agent('b', { status: 'working' })])).toBe('b');
  });

  it.each<[string, AgentRef, readonly Candidate[], string]>([
    [
      'no agents',
      any,
      [],
      'the project has no agents, so no agent is free: the step asks for an agent that can code.fix. Register a team with `baton agents add PROGRAM --team`',
    ],
    [
      'no agent of that name',
      { kind: 'named', name: 'x' },
      [agent('ada')],
      'the project has no agent x, so no agent is free: the step asks for the agent x. Register it, or name another in the pipeline',
    ],
    [
      'no agent with the role',
      role('cook'),
      [agent('ada', { roles: ['dev'] })],
      'no agent holds the role cook, so no agent is free: the step asks for an agent with the role cook that can code.fix. Register one with `baton agents add PROGRAM --name PROGRAM-cook --role cook`, or a whole team with `baton agents add PROGRAM --team`',
    ],
    [
      'a role that may not do it',
      role('tester'),
      [agent('ada')],
      'the role tester may not do code.fix, so no agent is free: the step asks for an agent with the role tester that can code.fix. Name a role in the pipeline that may do it',
    ],
    [
      'paused and offline agents',
      { kind: 'same', step: 's' },
      [agent('ada', { status: 'paused' }), agent('bob', { status: 'offline' })],
      'ada is paused, bob is offline, so no agent is free: the step asks for the same agent as before, or another that can code.fix. Resume it with `baton agents resume ada`. Rerun the step when bob is back',
    ],
    [
      'a capability that is missing',
      role('cook'),
      [agent('ada', { roles: ['cook'], capabilities: ['cook'] })],
      'ada does not list code.fix among its capabilities, so no agent is free: the step asks for an agent with the role cook that can code.fix. Add code.fix to the capabilities of ada',
    ],
    [
      'no agent that can do it',
      any,
      [agent('ada', { roles: ['tester'] }), agent('scanner', { capabilities: ['scan'] })],
      'no agent of the project can do code.fix, so no agent is free: the step asks for an agent that can code.fix. Register a team with `baton agents add PROGRAM --team`',
    ],
    [
      'many agents',
      role('cook'),
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => agent(name, { roles: ['cook'], status: 'paused' })),
      expect.stringMatching(
        /^a is paused, b is paused, c is paused, d is paused, e is paused and 1 more cannot do it, so no agent is free: the step asks for an agent with the role cook that can code.fix\. Resume it with `baton agents resume a`\. /,
      ) as string,
    ],
  ])('begins with the reason why nobody gets a step, and ends with what helps: %s', (_, ref, candidates, reason) => {
    expect(assignAgent(ref, 'code.fix', candidates, null, false)).toEqual({ kind: 'nobody', reason });
  });

  it('does not depend on the order in which agents are listed', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        names.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(
            nameOf(
              any,
              list.map((name) => agent(name)),
            ),
          ).toBe(
            nameOf(
              any,
              shuffled.map((name) => agent(name)),
            ),
          );
        },
      ),
    );
  });
});

describe('an agent that acts only after an approval', () => {
  const patcher = agent('patcher', { riskLevel: 'APPROVAL_REQUIRED' });

  it.each<AgentRef>([any, { kind: 'named', name: 'patcher' }, { kind: 'same', step: 'before' }])(
    'gets a step only where people have said yes to it: $kind',
    (ref) => {
      expect(assignAgent(ref, 'code.fix', [patcher], patcher.id, true)).toMatchObject({ kind: 'assigned' });
      expect(assignAgent(ref, 'code.fix', [patcher], patcher.id, false)).toMatchObject({
        kind: 'nobody',
        reason: expect.stringContaining(
          'patcher acts only where an approval comes directly before the step, so no agent is free',
        ) as string,
      });
    },
  );
});

describe('isApproved', () => {
  const approval = { kind: 'approval', id: 'ask', dependsOn: [], when: null } as unknown as PlanStep;
  const fix = { kind: 'agent', id: 'fix', dependsOn: ['ask'], when: 'run.number > 1' } as unknown as PlanStep;
  const later = { kind: 'agent', id: 'later', dependsOn: ['fix'], when: null } as unknown as PlanStep;
  const plan = (...steps: readonly PlanStep[]): Plan => ({ name: 'p', description: null, triggers: [], steps });

  const none: ReadonlySet<string> = new Set();

  it('is so directly behind an approval', () => {
    expect(isApproved(plan(approval, fix, later), 'fix', none)).toBe(true);
    expect(isApproved(plan(approval, fix, later), 'later', none)).toBe(false);
    expect(isApproved(plan(approval, fix, later), 'unknown', none)).toBe(false);
  });

  it('is not so where somebody took the approval from those whom it asks', () => {
    expect(isApproved(plan(approval, fix), 'fix', new Set(['ask']))).toBe(false);
  });

  it('is not so where the approval can be skipped and the step not', () => {
    expect(isApproved(plan({ ...approval, when: 'run.number > 1' }, fix), 'fix', none)).toBe(true);
    expect(isApproved(plan({ ...approval, when: 'run.number > 2' }, fix), 'fix', none)).toBe(false);
  });
});

describe('a role', () => {
  const tara = agent('tara', { roles: ['tester'] });

  it.each<AgentRef>([any, { kind: 'named', name: 'tara' }, { kind: 'same', step: 'before' }, role('tester')])(
    'bounds what its agents are given, by whatever way: $kind',
    (ref) => {
      expect(assignAgent(ref, 'code.fix', [tara], tara.id, true)).toMatchObject({
        kind: 'nobody',
        reason: expect.stringMatching(
          /^(?:tara may not do code.fix in its role tester|the role tester may not do code.fix|no agent of the project can do code.fix), so no agent is free/,
        ) as string,
      });
      expect(assignAgent(ref, 'code.writeTests', [tara], tara.id, true)).toMatchObject({ kind: 'assigned' });
    },
  );

  it('is what an agent with several acts in where the step asks for it', () => {
    const both = agent('both', { roles: ['tester', 'developer'] });
    expect(nameOf(role('tester'), [both])).toBeNull();
    expect(nameOf(any, [both])).toBe('both');
  });
});
