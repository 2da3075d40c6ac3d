import fc from 'fast-check';
import {
  type ApprovalPolicy,
  type Decision,
  eligibility,
  evaluateApproval,
  mayDecide,
  type Person,
  refuseDecision,
} from '../../src/domain/approval.js';

const ann: Person = { id: '1', handle: 'ann', roles: ['dba'] };
const bob: Person = { id: '2', handle: 'bob', roles: ['dba', 'on-call'] };
const eve: Person = { id: '3', handle: 'eve', roles: [] };
const any = (approvers: readonly string[], atLeast = 1): ApprovalPolicy => ({ kind: 'any', approvers, atLeast });
const all = (...approvers: readonly string[]): ApprovalPolicy => ({ kind: 'all', approvers, atLeast: 1 });
const approve = (by: Person): Decision => ({ by, verdict: 'approve', note: null });
const reject = (by: Person, note: string | null = null): Decision => ({ by, verdict: 'reject', note });

describe('evaluateApproval', () => {
  it('is open until enough people have approved, and says how many are missing of whom', () => {
    expect(evaluateApproval(any(['dba', 'eve'], 2), [approve(ann)])).toEqual({
      kind: 'open',
      missing: '1 of dba, eve',
    });
    expect(evaluateApproval(any(['dba'], 2), [approve(ann), approve(bob)])).toEqual({
      kind: 'approved',
      by: ['ann', 'bob'],
    });
  });

  it('counts a person once, however often they approve', () => {
    expect(evaluateApproval(any(['dba'], 2), [approve(ann), approve(ann)]).kind).toBe('open');
  });

  it('with `all`, is open until somebody has answered for every approver', () => {
    expect(evaluateApproval(all('dba', 'on-call', 'eve'), [approve(ann)])).toEqual({
      kind: 'open',
      missing: 'all of on-call, eve',
    });
    expect(evaluateApproval(all('dba', 'on-call'), [approve(bob)])).toEqual({ kind: 'approved', by: ['bob'] });
  });

  it('is rejected by one of them, with the note', () => {
    expect(evaluateApproval(any(['dba']), [approve(ann), reject(bob, 'too risky')])).toEqual({
      kind: 'rejected',
      by: 'bob',
      note: 'too risky',
    });
  });

  it('does not count people whom the policy does not name', () => {
    expect(evaluateApproval(any(['dba']), [reject(eve), approve(eve)])).toEqual({ kind: 'open', missing: '1 of dba' });
  });

  it('approves exactly when enough named people approve and none of them rejects', () => {
    const decision = fc.record({
      by: fc.constantFrom(ann, bob, eve),
      verdict: fc.constantFrom('approve' as const, 'reject' as const),
      note: fc.constant(null),
    });
    fc.assert(
      fc.property(fc.array(decision), fc.integer({ min: 1, max: 3 }), (decisions, atLeast) => {
        const policy = any(['dba'], atLeast);
        const named = decisions.filter(({ by }) => mayDecide(policy, by));
        const passes =
          named.every(({ verdict }) => verdict === 'approve') && new Set(named.map(({ by }) => by.id)).size >= atLeast;
        expect(evaluateApproval(policy, decisions).kind === 'approved').toBe(passes);
      }),
    );
  });
});

describe('refuseDecision', () => {
  it('lets those decide whom the policy names, by handle or by role', () => {
    expect(refuseDecision({ policy: any(['ann']), excluded: [] }, [], approve(ann))).toBeNull();
    expect(refuseDecision({ policy: any(['on-call']), excluded: [] }, [approve(ann)], approve(bob))).toBeNull();
  });

  it('refuses the owner of an agent that made the change', () => {
    expect(refuseDecision({ policy: any(['dba']), excluded: ['1'] }, [], approve(ann))).toMatchObject({
      code: 'own-change',
    });
  });

  it('refuses people who are not asked, and names those who are', () => {
    const refusal = refuseDecision({ policy: any(['dba', 'ann']), excluded: [] }, [], approve(eve));
    expect(refusal).toEqual({ code: 'not-an-approver', message: 'eve is not among the approvers: dba, ann' });
  });

  it('refuses a second decision of the same person', () => {
    expect(refuseDecision({ policy: any(['dba'], 2), excluded: [] }, [approve(ann)], reject(ann))).toMatchObject({
      code: 'decided-already',
    });
  });
});

describe('eligibility', () => {
  it('excludes the owners of the change where others can decide', () => {
    expect(eligibility(any(['dba']), [ann, bob], ['1'])).toEqual({
      kind: 'eligible',
      excluded: ['1'],
      soleMember: false,
    });
  });

  it('lets an owner decide, marked, where nobody else can', () => {
    expect(eligibility(any(['dba'], 2), [ann, bob], ['1'])).toEqual({
      kind: 'eligible',
      excluded: [],
      soleMember: true,
    });
    expect(eligibility(all('dba', 'on-call'), [ann, bob], ['2'])).toEqual({
      kind: 'eligible',
      excluded: [],
      soleMember: true,
    });
  });

  it('says that nobody can give an approval, and what it asks for', () => {
    expect(eligibility(any(['cto'], 2), [ann, bob], [])).toEqual({
      kind: 'nobody',
      reason: 'nobody in this project can give this approval: it asks for 2 of cto',
    });
    expect(eligibility(all('dba', 'cto'), [ann, bob], [])).toMatchObject({
      reason: expect.stringContaining('all of dba, cto') as string,
    });
  });
});
