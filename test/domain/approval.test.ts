import fc from 'fast-check';
import {
  type Decision,
  eligibility,
  evaluateApproval,
  explainApproval,
  mayDecide,
  type OpenApproval,
  type Person,
  refuseDecision,
  resolveNames,
  type Requirement,
  withoutHumanPrefix,
} from '../../src/domain/approval.js';

const ann: Person = { id: '1', handle: 'ann', roles: ['dba'] };
const bob: Person = { id: '2', handle: 'bob', roles: ['dba', 'on-call'] };
const eve: Person = { id: '3', handle: 'eve', roles: [] };
const any = (approvers: readonly string[], atLeast = 1): Requirement => ({
  kind: 'any',
  approvers,
  atLeast,
  rule: 'ask',
  why: 'it is asked for',
});
const all = (...approvers: readonly string[]): Requirement => ({ ...any(approvers), kind: 'all' });
const open = (...requirements: readonly Requirement[]): OpenApproval => ({ requirements, excluded: [] });
const approve = (by: Person): Decision => ({ by, verdict: 'approve', note: null });
const reject = (by: Person, note: string | null = null): Decision => ({ by, verdict: 'reject', note });

describe('evaluateApproval', () => {
  it('is open until enough people have approved, and says how many are missing of whom', () => {
    expect(evaluateApproval(open(any(['dba', 'eve'], 2)), [approve(ann)])).toEqual({
      kind: 'open',
      missing: '1 of dba, eve',
    });
    expect(evaluateApproval(open(any(['dba'], 2)), [approve(ann), approve(bob)])).toEqual({
      kind: 'approved',
      by: ['ann', 'bob'],
    });
  });

  it('counts a person once, however often they approve', () => {
    expect(evaluateApproval(open(any(['dba'], 2)), [approve(ann), approve({ ...ann })]).kind).toBe('open');
  });

  it('with `all`, is open until somebody has answered for every approver', () => {
    expect(evaluateApproval(open(all('dba', 'on-call', 'eve')), [approve(ann)])).toEqual({
      kind: 'open',
      missing: 'all of on-call, eve',
    });
    expect(evaluateApproval(open(all('dba', 'on-call')), [approve(bob)])).toEqual({ kind: 'approved', by: ['bob'] });
  });

  it('is open until every requirement is met; one person may meet several', () => {
    const two = open(any(['dba']), any(['on-call', 'eve']));
    expect(evaluateApproval(two, [approve(ann)])).toEqual({ kind: 'open', missing: '1 of on-call, eve' });
    expect(evaluateApproval(two, [approve(ann), approve(eve)])).toEqual({ kind: 'approved', by: ['ann', 'eve'] });
    expect(evaluateApproval(two, [approve(bob)])).toEqual({ kind: 'approved', by: ['bob'] });
  });

  it('is rejected by one of them, with the note', () => {
    expect(evaluateApproval(open(any(['dba'])), [approve(ann), reject(bob, 'too risky')])).toEqual({
      kind: 'rejected',
      by: 'bob',
      note: 'too risky',
    });
  });

  it('does not count people whom nothing names', () => {
    expect(evaluateApproval(open(any(['dba'])), [reject(eve), approve(eve)])).toEqual({
      kind: 'open',
      missing: '1 of dba',
    });
  });

  it('counts who decides in the place of somebody, but not for one who may not decide', () => {
    const stand: Person = { ...eve, standsFor: [ann] };
    expect(evaluateApproval(open(any(['dba'])), [approve(stand)])).toEqual({ kind: 'approved', by: ['eve'] });
    const owned: OpenApproval = { requirements: [any(['dba'])], excluded: [ann.id] };
    expect(evaluateApproval(owned, [approve(stand)]).kind).toBe('open');
    expect(evaluateApproval(owned, [approve({ ...ann, standsFor: [bob] })]).kind).toBe('open');
  });

  it('approves exactly when enough named people approve and none of them rejects', () => {
    const decision = fc.record({
      by: fc.constantFrom(ann, bob, eve),
      verdict: fc.constantFrom('approve' as const, 'reject' as const),
      note: fc.constant(null),
    });
    fc.assert(
      fc.property(fc.array(decision), fc.integer({ min: 1, max: 3 }), (decisions, atLeast) => {
        const approval = open(any(['dba'], atLeast));
        const named = decisions.filter(({ by }) => mayDecide(approval, by));
        const passes =
          named.every(({ verdict }) => verdict === 'approve') && new Set(named.map(({ by }) => by.id)).size >= atLeast;
        expect(evaluateApproval(approval, decisions).kind === 'approved').toBe(passes);
      }),
    );
  });
});

describe('explainApproval', () => {
  it('says of each requirement who met it and what it still needs', () => {
    const [first, second] = [any(['dba']), all('eve', 'on-call')];
    expect(explainApproval(open(first, second), [approve(ann), approve(eve)])).toEqual([
      { requirement: first, by: ['ann'], missing: null },
      { requirement: second, by: ['eve'], missing: 'all of on-call' },
    ]);
  });
});

describe('refuseDecision', () => {
  it('lets those decide whom a requirement names, by handle or by role', () => {
    expect(refuseDecision(open(any(['ann'])), [], approve(ann))).toBeNull();
    expect(refuseDecision(open(any(['eve']), any(['on-call'])), [approve(ann)], approve(bob))).toBeNull();
  });

  it('refuses the owner of an agent that made the change', () => {
    expect(refuseDecision({ requirements: [any(['dba'])], excluded: ['1'] }, [], approve(ann))).toMatchObject({
      code: 'own-change',
    });
  });

  it('refuses people who are not asked, and names those who are, each once', () => {
    const refusal = refuseDecision(open(any(['dba', 'ann']), any(['dba'])), [], approve(eve));
    expect(refusal).toEqual({ code: 'not-an-approver', message: 'eve is not among the approvers: dba, ann' });
  });

  it('refuses a second decision of the same person', () => {
    expect(refuseDecision(open(any(['dba'], 2)), [approve(ann)], reject(ann))).toMatchObject({
      code: 'decided-already',
    });
  });
});

describe('eligibility', () => {
  it('excludes the owners of the change where others can decide', () => {
    expect(eligibility([any(['dba'])], [ann, bob], ['1'])).toEqual({
      kind: 'eligible',
      excluded: ['1'],
      soleMember: false,
    });
  });

  it('lets an owner decide, marked, where nobody else can', () => {
    for (const requirement of [any(['dba'], 2), all('dba', 'on-call')])
      expect(eligibility([requirement], [ann, bob], ['2'])).toEqual({
        kind: 'eligible',
        excluded: [],
        soleMember: true,
      });
  });

  it('says that nobody can give an approval, and which rule asks for what', () => {
    expect(eligibility([any(['dba']), any(['cto'], 2)], [ann, bob], [])).toEqual({
      kind: 'nobody',
      reason: 'nobody in this project can give this approval: ask asks for 2 of cto',
    });
    expect(eligibility([all('dba', 'cto')], [ann, bob], [])).toMatchObject({
      reason: expect.stringContaining('all of dba, cto') as string,
    });
  });
});

describe('resolveNames', () => {
  const people = [
    { handle: 'maya', name: 'Maya Chen', roles: ['team-lead'] },
    { handle: 'ann', name: 'Ann Lee', roles: [] },
    { handle: 'ann2', name: 'Ann Lee', roles: [] },
    { handle: 'bo', name: 'team-lead', roles: [] },
  ];
  const resolve = (...approvers: string[]): readonly string[] =>
    resolveNames([{ kind: 'any', approvers, atLeast: 1, rule: 'Ask', why: '' }], people)[0]!.approvers;

  it('takes the name of one person for their handle, once', () => {
    expect(resolve('Maya Chen', 'maya', 'ops')).toEqual(['maya', 'ops']);
  });

  it('leaves a name of several people, and what is a handle or a job role', () => {
    expect(resolve('Ann Lee', 'team-lead')).toEqual(['Ann Lee', 'team-lead']);
  });
});

describe('withoutHumanPrefix', () => {
  it('is the name of a person or a job role', () => {
    expect(['human:on-call', 'role: dba', ' maya ', 'agent:x'].map(withoutHumanPrefix)).toEqual([
      'on-call',
      'dba',
      'maya',
      'agent:x',
    ]);
  });
});
