import { readdirSync, readFileSync } from 'node:fs';

export interface RunningProcess {
  readonly pid: number;
  readonly argv: string;
}

/** What runs with a text in its command line or its environment. A zombie has neither any more. */
export function processesWith(text: string): RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .map((pid) => ({ pid, argv: read(pid, 'cmdline'), environment: read(pid, 'environ') }))
    .filter(({ argv, environment }) => `${argv} ${environment}`.includes(text))
    .map(({ pid, argv }) => ({ pid, argv }));
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
