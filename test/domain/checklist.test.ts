import {
  addItems,
  CHECKLIST_LIMITS,
  countOf,
  itemText,
  lineOf,
  leftOpen,
  markItem,
  nextItem,
  openActionsFailure,
  openTasks,
  progressOf,
  requiredActions,
  type ChecklistItem,
} from '../../src/domain/checklist.js';

const item = (text: string, more: Partial<ChecklistItem> = {}): ChecklistItem => ({
  text,
  source: 'agent',
  status: 'open',
  note: null,
  ...more,
});
const listed = (...texts: string[]) => addItems([], texts, 'agent') as readonly ChecklistItem[];

describe('a checklist', () => {
  it('takes new items at its end, and leaves those that it has as they are', () => {
    const list = [item('a', { source: 'required', status: 'done' }), item('b')];
    expect(addItems(list, ['c', 'a'], 'agent')).toEqual([...list, item('c')]);
  });

  it('has at most so many items', () => {
    const full = listed(...Array.from({ length: CHECKLIST_LIMITS.items }, (_, n) => `${n}`));
    expect(full).toHaveLength(50);
    expect(addItems(full, ['0'], 'agent')).toEqual(full);
    expect(addItems(full, ['one more'], 'agent')).toBe('makes 51 items, and a step has at most 50');
  });

  it('is marked item by item, with a note', () => {
    const marked = markItem(listed('a', 'b'), { text: 'b', status: 'failed', note: 'no way' });
    expect(marked).toEqual([item('a'), item('b', { status: 'failed', note: 'no way' })]);
    expect(markItem(listed('a'), { text: 'x', status: 'done', note: null })).toBe(
      'marks "x", which is no item of the checklist',
    );
  });

  it('says how far it is, and where whoever goes on begins', () => {
    const list = [item('a', { status: 'done' }), item('b', { status: 'failed' }), item('c')];
    expect(progressOf(list)).toEqual({ done: 1, of: 3 });
    expect(nextItem(list)).toBe('b');
    expect(nextItem([item('a', { status: 'done' })])).toBeNull();
    expect(nextItem([])).toBeNull();
  });
});

describe('a line of a checklist', () => {
  const list = [item('a', { status: 'done' }), item('b')];
  it('counts, and says what became of which item', () => {
    expect(countOf(list)).toBe('[1/2]');
    expect(lineOf(list, { text: 'a', status: 'done', note: null })).toBe('[1/2] a');
    expect(lineOf(list, { text: 'b', status: 'failed', note: 'no key' })).toBe('[1/2] b: failed (no key)');
    expect(lineOf(list, { text: 'b', status: 'open', note: null })).toBe('[1/2] b: open again');
  });
});

describe('required actions', () => {
  it('are left open until they are done, whatever becomes of what the agent listed', () => {
    const required = (text: string, status: ChecklistItem['status']) => item(text, { source: 'required', status });
    const list = [required('a', 'done'), required('b', 'failed'), required('c', 'open'), item('d')];
    expect(leftOpen(list)).toEqual(['b', 'c']);
    expect(openActionsFailure(['b', 'c'])).toMatchObject({
      code: 'actions-open',
      message: '2 required actions are not marked as done: "b", "c"',
    });
    expect(openActionsFailure(['b']).message).toBe('a required action is not marked as done: "b"');
  });

  it('are texts, or lists of them, none twice and none empty', () => {
    expect(requiredActions('Work', ['  a\n b ', ['c', ' a b'], '', 7])).toEqual(['a b', 'c', '7']);
  });

  it.each([
    [[null], 'The checklist of Work holds null, and takes texts only.'],
    [[{ a: 1 }], 'The checklist of Work holds {"a":1}, and takes texts only.'],
    [['x'.repeat(201)], 'The checklist of Work holds a text of 201 characters, at most 200 are allowed.'],
    [[Array.from({ length: 51 }, (_, n) => `${n}`)], 'The checklist of Work has 51 items, at most 50 are allowed.'],
  ])('are refused as %j', (rendered, message) => {
    expect(() => requiredActions('Work', rendered)).toThrow(
      expect.objectContaining({ code: 'checklist-invalid', message }) as Error,
    );
  });
});

describe('the task list of an issue', () => {
  it('gives what is not ticked, in order, without code', () => {
    const body = [
      'Please:',
      '- [ ] Cut at a word boundary',
      '* [x] Find a name',
      '  + [ ]  Mark the\tcut',
      '1. [ ] Document it',
      '2) [ ] Cut at a word boundary',
      '- [ ]',
      '- [] not one',
      '```md',
      '- [ ] an example',
      '~~~',
      '- [ ] still one',
      '```',
      '~~~~',
      '- [ ] another',
      '~~~~',
      '- [ ] Test it',
    ].join('\r\n');
    expect(openTasks(body)).toEqual(['Cut at a word boundary', 'Mark the cut', 'Document it', 'Test it']);
  });

  it('is cut to what a checklist takes', () => {
    const [long] = openTasks(`- [ ] ${'x'.repeat(198)}😀yz`);
    expect(long).toBe(`${'x'.repeat(198)}…`);
    expect(openTasks(Array.from({ length: 60 }, (_, n) => `- [ ] ${n}`).join('\n'))).toHaveLength(50);
    expect(openTasks('')).toEqual([]);
  });
});

it('an item is one line', () => {
  expect(itemText('  a\u0000b\n\tc\u001b[31m ')).toBe('a b c [31m');
});
