import { z } from 'zod';
import { CHECKLIST_LIMITS, ITEM_STATUSES } from '../domain/checklist.js';
import { ONE_SHOT_MIB, SANDBOX_BOUNDS } from '../domain/sandbox-settings.js';
import { SERVICES } from '../domain/service.js';
import { refuseRule } from './rule-expression.js';

const within = (name: keyof typeof SANDBOX_BOUNDS) => {
  const [min, max] = SANDBOX_BOUNDS[name];
  return z.number().min(min).max(max);
};

/** What a program of an agent may take; what is left out is as Baton has it for its kind of agent. */
export const sandboxSettings = z.strictObject({
  memoryMib: within('memoryMib').int().optional(),
  cpus: within('cpus').optional(),
  processes: within('processes').int().optional(),
  fileMib: within('fileMib').int().optional(),
  diskMib: within('diskMib').int().optional(),
  /** Never more than the step's own. */
  timeoutMs: z.number().int().min(1).optional(),
});

export type SandboxEntry = z.infer<typeof sandboxSettings>;

const path = z.string().min(1).max(500);

const replace = z.array(z.strictObject({ file: path, find: z.string().min(1), with: z.string() })).default([]);

/** A part of a move: its edits are made, then the item is marked. One that is done already is left out. */
const part = z.strictObject({
  item: z.string().min(1),
  log: z.array(z.string()).default([]),
  write: z.record(path, z.string()).default({}),
  replace,
  status: z.enum(ITEM_STATUSES).default('done'),
  note: z.string().nullable().default(null),
});

/** One thing that the playbook agent replays: for an action, on a repository, on an attempt. */
const move = z.strictObject({
  action: z.string().min(1),
  /** Any repository where absent. */
  repository: z.string().optional(),
  /** Every attempt where absent. */
  attempt: z.number().int().positive().optional(),
  summary: z.string().default(''),
  /** Lines of its log; each takes `paceMs`, as each item of its checklist does. */
  log: z.array(z.string()).default([]),
  /** Its breakdown: listed after the log, and worked off before the other edits. */
  checklist: z.array(part).max(CHECKLIST_LIMITS.items).default([]),
  paceMs: z.number().int().min(0).max(600_000).default(0),
  write: z.record(path, z.string()).default({}),
  replace,
  remove: z.array(path).default([]),
  findings: z.array(z.record(z.string(), z.json())).default([]),
  output: z.record(z.string(), z.json()).default({}),
  /** Only where the last question was answered with this option. */
  answered: z.string().optional(),
  /** After its edits, a question in place of a result. */
  ask: z.record(z.string(), z.json()).nullable().default(null),
});

export const playbookEntry = z.strictObject({ moves: z.array(move).max(500), sandbox: sandboxSettings.default({}) });

export const commandEntry = z.strictObject({
  /** The program and its arguments; `{directory}` stands for where `directory` lies inside the sandbox. */
  argv: z.array(z.string()).min(1),
  /** Host directory with the program, shown inside read-only. */
  directory: z.string().nullable().default(null),
  /** Host `node_modules` that the program imports from, shown inside read-only. */
  modules: z.string().nullable().default(null),
  sandbox: sandboxSettings.default({}),
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
  memoryMib: z.number().int().min(16).max(4_096).default(ONE_SHOT_MIB),
});

const MAX_EXPRESSION_LENGTH = 4_000;

const expression = z
  .string()
  .min(1)
  .max(MAX_EXPRESSION_LENGTH)
  .superRefine((source, context) => {
    const refused = refuseRule(source);
    if (refused !== null) context.addIssue({ code: 'custom', message: refused });
  });
const name = z.string().regex(/^[A-Za-z_]\w{0,59}$/, 'is a name of letters, digits and _');

const computed = z.strictObject({
  values: z
    .array(z.strictObject({ name, is: expression }))
    .max(100)
    .default([]),
  output: z.record(name, expression),
});

/** A rule of a standard, over `facts`: what Baton reads of the step's repository and of its own record. */
const check = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,79}$/, 'is lower case letters, digits, dots and hyphens, at most 80'),
  /** The clause. */
  reference: z.string().min(1).max(100),
  title: z.string().min(1).max(300),
  severity: z.enum(['ERROR', 'WARNING']),
  /** Where it is false the rule does not apply. */
  when: expression.nullable().default(null),
  holds: expression,
  /** A list of the places where it is broken. */
  places: expression.nullable().default(null),
  remediation: z.string().min(1).max(500),
});

/** A file of rules: those of one standard. */
export const complianceFile = z.strictObject({
  standard: z.string().regex(/^[A-Z][A-Z0-9-]{0,29}$/, 'is such as SOC2'),
  title: z.string().min(1).max(200),
  rules: z.array(check).min(1).max(200),
});

/**
 * CEL over `params`; each of `values` sees those before it, `output` sees all of them. Or the rules of `standards` are
 * judged: all of them, or those that the expression lists.
 */
export const ruleEntry = z.strictObject({
  standards: z.array(complianceFile).max(20).default([]),
  rules: z.record(z.string(), z.union([computed, z.strictObject({ judges: expression })])),
});

/** The name of a variable of the worker's environment that holds a secret. */
export const secretVariable = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,99}_(?:TOKEN|KEY|SECRET)$/, 'is a variable ending in _TOKEN, _KEY or _SECRET');

/** What is sent as it is, but a secret: that is a variable of the worker's environment, by name. */
const secretHeader = z.strictObject({
  variable: secretVariable,
  prefix: z.string().max(40).default(''),
});
const headerName = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, 'is the name of a header');

export const apiEntry = z.strictObject({
  /** Where the agent may send requests to, and nowhere else. */
  host: z
    .string()
    .refine((url) => URL.canParse(url) && /^https?:\/\/[^/@]+\/?$/.test(url), 'is such as https://api.example.com'),
  timeoutMs: z.number().int().min(1).max(300_000).default(30_000),
  requests: z.record(
    z.string(),
    z.strictObject({
      method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
      /** `{name}` is a parameter, encoded. */
      path: z
        .string()
        .regex(/^\/(?!\/)/, 'begins with one slash')
        .max(2_000),
      body: z.json().default({}),
      secretHeaders: z.record(headerName, secretHeader).default({}),
      /** The header by which the host knows a call again; null where it cannot. */
      idempotencyHeader: headerName.nullable().default(null),
    }),
  ),
});

/** What Baton does itself, by the names of the agent's capabilities; `params` are added to the step's. */
export const actionEntry = z.strictObject({
  acts: z.record(
    z.string(),
    z.strictObject({ does: z.enum(SERVICES), params: z.record(z.string(), z.json()).default({}) }),
  ),
});

/** Whoever holds the role does it; `actions` says as what, by the names of the agent's capabilities. */
export const roleEntry = z.strictObject({
  role: z.string().min(1).max(60),
  actions: z.record(z.string(), z.string().min(1)),
});
