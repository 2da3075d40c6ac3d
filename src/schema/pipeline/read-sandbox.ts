import {
  isAllowedHost,
  SANDBOX_BOUNDS,
  type SandboxSettings,
  type StepSandbox,
} from '../../domain/sandbox-settings.js';
import { quote, type Problems } from './diagnostic.js';
import type { Work } from './draft.js';
import { describe, type Field, readFields, readNumber, readTexts } from './fields.js';

const MAX_HOSTS = 100;

/** What a step's programs may take and reach; null where the file does not say. */
export function readSandbox(field: Field | undefined, { kind }: Work, problems: Problems): StepSandbox | null {
  if (!field) return null;
  const { key, keyAt, value } = field;
  if (kind !== 'agent' && kind !== 'handoff' && kind !== 'faulty') {
    problems.error('misplaced-key', keyAt, `${quote(key)} is of steps that an agent does`);
    return null;
  }
  if (value.kind !== 'map') {
    problems.error(
      'bad-value',
      value,
      `${quote(key)} is a mapping, not ${describe(value)}`,
      'such as { memoryMib: 2048 }',
    );
    return null;
  }
  const names = Object.keys(SANDBOX_BOUNDS) as (keyof SandboxSettings)[];
  const fields = readFields(value, key, { ...ofItself(names), hosts: ['hosts'] }, problems);
  const numbers = names.flatMap((name) => {
    const [min, max] = SANDBOX_BOUNDS[name];
    const number = readNumber(fields[name], { min, max, whole: name !== 'cpus' }, problems);
    return number === null ? [] : [[name, number] as const];
  });
  const hosts = fields.hosts && readHosts(fields.hosts, problems);
  return { ...Object.fromEntries(numbers), ...(hosts && { hosts }) };
}

const ofItself = <F extends string>(names: readonly F[]): Record<F, readonly string[]> =>
  Object.fromEntries(names.map((name) => [name, [name]])) as unknown as Record<F, readonly string[]>;

function readHosts(field: Field, problems: Problems): string[] {
  const hosts = readTexts(field, problems);
  for (const { text, at } of hosts)
    if (!isAllowedHost(text))
      problems.error('bad-value', at, `${quote(text)} is no host with its port`, 'such as registry.example.com:443');
  if (hosts.length > MAX_HOSTS)
    problems.error('bad-value', field.value, `a step names at most ${MAX_HOSTS} hosts, these are ${hosts.length}`);
  return hosts.map(({ text }) => text);
}
