import { api } from './adapters/api.js';
import { command } from './adapters/command.js';
import { playbook } from './adapters/playbook.js';
import { rule } from './adapters/rule.js';
import { script } from './adapters/script.js';
import type { Harness } from './harness.js';

const HARNESSES = { command, playbook, script, rule, api } as const satisfies Record<string, Harness>;

export type AdapterName = keyof typeof HARNESSES;

export const findHarness = (adapter: AdapterName): Harness => HARNESSES[adapter];
