import { ACCEPTED_LABEL, changesAfterScan, issueOfFinding, type FiledFinding } from '../../src/domain/finding-issue.js';

const filed = (fingerprint: string, more: Partial<FiledFinding> = {}): FiledFinding => ({
  fingerprint,
  number: 7,
  gone: false,
  state: 'open',
  labels: [],
  ...more,
});
const closed = { state: 'closed' } as const;

describe('after a scan', () => {
  it('files what is new, once', () => {
    expect(changesAfterScan(['a', 'a', 'b'], [filed('b')], true)).toEqual([{ kind: 'file', fingerprint: 'a' }]);
  });

  it('closes what is gone, once, and only where the scan saw everything', () => {
    expect(changesAfterScan([], [filed('a')], true)).toEqual([{ kind: 'close', fingerprint: 'a', number: 7 }]);
    expect(changesAfterScan([], [filed('a')], false)).toEqual([]);
    expect(changesAfterScan([], [filed('a', { gone: true, ...closed })], true)).toEqual([]);
  });

  it('opens again what came back, or was closed without being gone', () => {
    const again = [{ kind: 'reopen', fingerprint: 'a', number: 7 }];
    expect(changesAfterScan(['a'], [filed('a', { gone: true, ...closed })], true)).toEqual(again);
    expect(changesAfterScan(['a'], [filed('a', closed)], false)).toEqual(again);
    // A person has opened it before the scan did.
    expect(changesAfterScan(['a'], [filed('a', { gone: true })], true)).toEqual(again);
  });

  it('leaves closed what people accept', () => {
    expect(changesAfterScan(['a'], [filed('a', { ...closed, labels: [ACCEPTED_LABEL] })], true)).toEqual([]);
  });
});

describe('the issue of a finding', () => {
  const finding = {
    rule: 'ast-grep/js-eval',
    severity: 'high',
    message: 'eval runs text\nmore',
    file: 'a.js',
    line: 3,
    fix: 'Parse it.',
  } as const;

  it('says what, where, how to mend it, and what becomes of the issue', () => {
    const { title, body } = issueOfFinding(finding, { commit: '0123456789abcdef', run: 12 });
    expect(title).toBe('high: eval runs text (a.js)');
    expect(body).toContain('Rule ast-grep/js-eval, severity high, in a.js:3 at 0123456789.');
    expect(body).toContain('To mend it: Parse it.');
    expect(body).toContain('Found by run #12.');
  });

  it('does without a place and a fix', () => {
    const bare = { ...finding, file: null, line: null, fix: null };
    const { title, body } = issueOfFinding(bare, { commit: null, run: 1 });
    expect(title).toBe('high: eval runs text');
    expect(body).toContain('Rule ast-grep/js-eval, severity high.');
    expect(body).not.toContain('To mend it');
    expect(issueOfFinding({ ...finding, line: null }, { commit: null, run: 1 }).body).toContain('in a.js.');
  });
});
