import { command } from './adapters/command.js';
import { playbook } from './adapters/playbook.js';
import { script } from './adapters/script.js';
import type { Harness } from './harness.js';

const HARNESSES = { command, playbook, script } as const satisfies Record<string, Harness>;

export type AdapterName = keyof typeof HARNESSES;

export const findHarness = (adapter: AdapterName): Harness => HARNESSES[adapter];
