import { requirementsByRole } from '../../../src/domain/context/requirements.js';
import type { Plan } from '../../../src/domain/plan.js';

const step = (id: string, agent: object, more: object = {}) => ({
  id,
  name: id,
  kind: 'agent',
  action: 'code.fix',
  agent,
  ...more,
});

it('tells what a plan asks of whom', () => {
  const steps = [
    step('reproduce', { kind: 'role', role: 'developer' }),
    step('fix', { kind: 'same', step: 'reproduce' }),
    step('lost', { kind: 'same', step: 'nowhere' }),
    step('look', { kind: 'any' }),
    step('scan', { kind: 'named', name: 'scanner' }),
    { id: 'approve', name: 'approve', kind: 'approval' },
    {
      id: 'tdd',
      name: 'tdd',
      kind: 'handoff',
      tester: { kind: 'role', role: 'tester' },
      developer: { kind: 'role', role: 'developer' },
    },
  ];
  const told = requirementsByRole({ steps } as unknown as Plan, { fix: ['Say why'] });
  expect(
    told.map(({ role, steps: of }) => [
      role,
      ...of.map(({ step: id, action, requires }) => [id, action, ...requires].join(' ')),
    ]),
  ).toEqual([
    ['developer', 'reproduce code.fix', 'fix code.fix Say why', 'tdd code.implement'],
    ['any', 'lost code.fix', 'look code.fix'],
    ['scanner', 'scan code.fix'],
    ['tester', 'tdd code.writeTests'],
  ]);
});
