import { SEVERITIES } from '../../domain/findings.js';
import { SCAN_FAILS_ON, SCAN_KINDS, type AskedGate, type ScanKind, type Severity } from '../../domain/gate.js';
import { type At, quote, type Problems } from './diagnostic.js';
import { describe, type Field } from './fields.js';
import type { YamlNode } from './yaml-tree.js';

const GATES = ['repository', 'tests', 'lint', 'typecheck', 'coverage', 'red', ...SCAN_KINDS] as const;

/** `[repository]`, `[tests, lint, coverage: 80, secrets, dependencies: high network]`; a single gate may stand without the list, a mapping may hold several. */
export function readGates(field: Field | undefined, problems: Problems): readonly AskedGate[] {
  if (!field) return [];
  const items = field.value.kind === 'list' ? field.value.items : [field.value];
  const gates = new Map<string, AskedGate>();
  for (const { gate, at } of items.flatMap((item) => readItem(item, problems))) {
    if (gates.has(gate.kind)) problems.error('double-gate', at, `the gate ${quote(gate.kind)} is given twice`);
    gates.set(gate.kind, gate);
  }
  return [...gates.values()];
}

interface Read {
  readonly gate: AskedGate;
  readonly at: At;
}

function readItem(item: YamlNode, problems: Problems): readonly Read[] {
  if (item.kind === 'map') {
    return item.entries.flatMap(({ key, keyAt, value }) => {
      if (value.kind !== 'scalar' || value.faulty) {
        problems.error('bad-gate', value, `the gate ${quote(key)} takes one value, not ${describe(value)}`);
        return [];
      }
      return readGate(key, value.value === true ? '' : String(value.value ?? ''), keyAt, value, problems);
    });
  }
  if (item.kind === 'scalar' && typeof item.value === 'string') {
    const [, name = '', rest = ''] = /^\s*(\S*)\s*(.*)$/s.exec(item.value)!;
    return readGate(name.replace(/:$/, ''), rest, item, item, problems);
  }
  problems.error('bad-gate', item, `a gate is one of ${GATES.join(', ')}, not ${describe(item)}`);
  return [];
}

function readGate(name: string, argument: string, at: At, argumentAt: At, problems: Problems): readonly Read[] {
  const kind = GATES.find((known) => known === name);
  if (!kind) {
    const hint = problems.didYouMean(name, GATES) ?? `known are ${GATES.join(', ')}`;
    problems.error('unknown-gate', at, `there is no gate ${quote(name)}`, hint);
    return [];
  }
  if (isScanKind(kind)) return readScan(kind, argument, at, argumentAt, problems);
  if (kind !== 'coverage') {
    if (argument === '') return [{ gate: { kind }, at }];
    problems.error('bad-gate', argumentAt, `the gate ${quote(kind)} takes no value`, `write just \`${kind}\``);
    return [];
  }
  const percent = /^(\d{1,3}(?:\.\d+)?)\s*%?$/.exec(argument.trim());
  if (percent && Number(percent[1]) <= 100) return [{ gate: { kind, minimumPercent: Number(percent[1]) }, at }];
  problems.error(
    'bad-gate',
    argumentAt,
    'the gate `coverage` takes the least percentage of lines, 0 to 100',
    'such as `coverage: 80`',
  );
  return [];
}

const isScanKind = (kind: string): kind is ScanKind => SCAN_KINDS.some((known) => known === kind);

/** From which severity on it fails, and whether it may use the network: `sast: medium`, `dependencies: high network`. */
function readScan(kind: ScanKind, argument: string, at: At, argumentAt: At, problems: Problems): readonly Read[] {
  let failOn: Severity = SCAN_FAILS_ON[kind];
  let network = false;
  for (const word of argument.split(/[\s,]+/).filter(Boolean)) {
    const severity = SEVERITIES.find((known) => known === word);
    if (severity) failOn = severity;
    else if (word === 'network' && kind === 'dependencies') network = true;
    else {
      const known = [...SEVERITIES, ...(kind === 'dependencies' ? ['network'] : [])];
      const hint = problems.didYouMean(word, known) ?? `it takes ${known.join(', ')}, such as \`${kind}: high\``;
      problems.error('bad-gate', argumentAt, `the gate ${quote(kind)} does not take ${quote(word)}`, hint);
      return [];
    }
  }
  return [{ gate: { kind, failOn, network }, at }];
}
