import { z } from 'zod';

const path = z.string().min(1).max(500);

/** One thing that the playbook agent replays: for an action, on a repository, on an attempt. */
const move = z.strictObject({
  action: z.string().min(1),
  /** Any repository where absent. */
  repository: z.string().optional(),
  /** Every attempt where absent. */
  attempt: z.number().int().positive().optional(),
  summary: z.string().default(''),
  /** Lines of its log; each takes `paceMs`. */
  log: z.array(z.string()).default([]),
  paceMs: z.number().int().min(0).max(600_000).default(0),
  write: z.record(path, z.string()).default({}),
  replace: z.array(z.strictObject({ file: path, find: z.string().min(1), with: z.string() })).default([]),
  remove: z.array(path).default([]),
  findings: z.array(z.record(z.string(), z.json())).default([]),
  output: z.record(z.string(), z.json()).default({}),
});

export const playbookEntry = z.strictObject({ moves: z.array(move).max(500) });

export const commandEntry = z.strictObject({
  /** The program and its arguments; `{directory}` stands for where `directory` lies inside the sandbox. */
  argv: z.array(z.string()).min(1),
  /** Host directory with the program, shown inside read-only. */
  directory: z.string().nullable().default(null),
  /** Host `node_modules` that the program imports from, shown inside read-only. */
  modules: z.string().nullable().default(null),
});

const MAX_SCRIPT_MS = 30 * 60_000;

/** As a command; `{action}` in its arguments is what is asked of it. */
export const scriptEntry = commandEntry.extend({
  timeoutMs: z
    .number()
    .int()
    .min(1)
    .max(MAX_SCRIPT_MS)
    .default(5 * 60_000),
  memoryMib: z.number().int().min(16).max(4_096).default(512),
});
