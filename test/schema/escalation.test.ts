import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESCALATION_CAUSES } from '../../src/domain/escalation.js';
import { fillIn } from '../../src/domain/notice.js';
import { parseEscalationPath, parseNoticeTemplate } from '../../src/schema/escalation.js';

const TEMPLATES = join(import.meta.dirname, '../../templates');
const read = (folder: string, name: string) => readFileSync(join(TEMPLATES, folder, name), 'utf8');

describe('the built-in paths', () => {
  it('are one a cause, each with its texts', () => {
    const files = ESCALATION_CAUSES.map((cause) => `${cause}.yaml`).sort();
    expect(readdirSync(join(TEMPLATES, 'escalations')).sort()).toEqual(files);
    expect(readdirSync(join(TEMPLATES, 'notices')).sort()).toEqual(files);
  });

  it.each(ESCALATION_CAUSES)('%s is for its cause, and its texts have all their words', (cause) => {
    expect(parseEscalationPath(read('escalations', `${cause}.yaml`), cause).cause).toBe(cause);
    const { title, text } = parseNoticeTemplate(read('notices', `${cause}.yaml`), cause);
    const known = { subject: '<s>', duration: '<d>', level: '<l>', reason: '<r>', author: '<a>' };
    const words = [...`${title} ${text}`.matchAll(/\{\{ *(\S+) *\}\}/g)].map(([, word]) => word);
    expect(words.filter((word) => !Object.hasOwn(known, word!))).toEqual([]);
    expect(fillIn(title, known)).toContain('<s>');
    expect(fillIn(title, known)).toContain('<d>');
  });
});

describe('a path', () => {
  const path = (levels: string) => parseEscalationPath(`cause: pr-stale\nafter: 1h\nlevels:\n${levels}`, 'x.yaml');

  it('has every action', () => {
    expect(
      path(
        "  - { at: 0m, actions: [{ notify: '#a' }, { notify: b, urgent: true }] }\n  - { at: 2d, actions: [pause-agents, close, raise-priority] }",
      ),
    ).toEqual({
      cause: 'pr-stale',
      afterMs: 3_600_000,
      levels: [
        {
          atMs: 0,
          actions: [
            { kind: 'notify', channel: '#a', urgent: false },
            { kind: 'notify', channel: 'b', urgent: true },
          ],
        },
        { atMs: 172_800_000, actions: [{ kind: 'pause-agents' }, { kind: 'close' }, { kind: 'raise-priority' }] },
      ],
    });
  });

  it.each([
    ['an unknown action', '  - { at: 0m, actions: [explode] }', '/levels/0/actions/0'],
    ['a duration without a unit', '  - { at: 30, actions: [close] }', '/levels/0/at'],
    [
      'levels out of order',
      '  - { at: 2h, actions: [close] }\n  - { at: 1h, actions: [close] }',
      '/levels come one after',
    ],
    ['a level that does nothing', '  - { at: 0m, actions: [] }', '/levels/0/actions'],
    ['broken YAML', '  - { at: 0m', 'x.yaml cannot be read'],
  ])('is refused with %s', (_what, levels, told) => {
    expect(() => path(levels)).toThrow(told);
  });
});
