import { createHash } from 'node:crypto';
import { appendAudit } from '../db/audit.js';
import type { Tx } from '../db/connection.js';
import { firstToSay, SYSTEM } from '../db/events.js';
import type { Actor } from '../db/schema.js';
import type { JsonObject } from '../domain/json.js';
import { keepable } from '../domain/keepable.js';
import type { AttemptRequest } from '../domain/work.js';
import { SECRET_IN_CHANGE } from '../git/leave-out-secrets.js';
import type { Execute } from '../sandbox/command.js';
import type { ActivityDeps } from './deps.js';
import { persist } from './persist.js';
import type { RunLog } from './run-log.js';

/** What each kind is called in the audit trail. */
const ACTIONS = {
  network: 'sandbox.refuse',
  limit: 'sandbox.refuse',
  /** What an agent left is nothing that Baton takes. */
  result: 'sandbox.refuse',
  permission: 'commit.refuse',
} as const;

export interface Refused {
  readonly kind: keyof typeof ACTIONS;
  /** As people read it. The same again, of the same kind, is the same refusal. */
  readonly what: string;
  readonly details?: JsonObject;
}

const REFUSED_RESULTS = [
  'nested-repository',
  'path-escapes',
  'not-a-regular-file',
  'file-too-large',
  'output-too-large',
  'hosts-not-allowed',
  SECRET_IN_CHANGE,
];

/** Whether an error of this code says that Baton does not take what was left in a worktree, given as output, or asked for by a step. */
export const isRefusedResult = (code: string): boolean => REFUSED_RESULTS.includes(code);

/** More of one attempt only fills the audit trail, which keeps everything. */
export const MAX_REFUSALS = 100;
const MAX_LENGTH = 500;

type OfAttempt = Pick<AttemptRequest, 'ref' | 'attempt'>;

/**
 * What Baton refused in one attempt: in its log at once, and in the audit trail, each once, however often the attempt is
 * begun again. After `MAX_REFUSALS` a last entry says that there were more.
 */
export class Refusals {
  readonly #deps: ActivityDeps;
  readonly #of: OfAttempt;
  readonly #log: Pick<RunLog, 'line'>;
  readonly #seen = new Set<string>();
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: ActivityDeps, of: OfAttempt, log: Pick<RunLog, 'line'>) {
    this.#deps = deps;
    this.#of = of;
    this.#log = log;
  }

  readonly note = (refused: Refused): void => {
    const { kind, what: said, details } = this.#deps.redactor.strings(refused);
    const what = keepable(said.slice(0, MAX_LENGTH));
    const key = createHash('sha256').update(`${kind} ${what}`).digest('hex').slice(0, 32);
    if (this.#seen.has(key) || this.#seen.size > MAX_REFUSALS) return;
    this.#seen.add(key);
    this.#log.line(`refused: ${what}`);
    this.#writing = this.#writing.then(() => this.#write(key, { kind, what, ...(details && { details }) }));
  };

  /** Runs commands so that what is refused them is noted. */
  watching =
    (execute: Execute): Execute =>
    (command, policy) =>
      execute({ onRefusal: this.note, ...command }, policy);

  /** Resolves when everything is written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  async #write(key: string, refused: Refused): Promise<void> {
    const { organisationId } = this.#of.ref.run;
    try {
      await persist(this.#deps, organisationId, (tx) => record(tx, this.#of, key, refused));
    } catch (error) {
      this.#deps.log.error({ err: error, refused }, 'a refusal could not be written to the audit trail');
    }
  }
}

/** Slots count the entries across executions: each is a key that is claimed once. */
async function record(tx: Tx, of: OfAttempt, key: string, { kind, what, details }: Refused): Promise<void> {
  const { run, step, item } = of.ref;
  const claimed = `refusals/${run.runId}/${step}/${item ?? 'step'}/${of.attempt}`;
  const slots = Array.from({ length: MAX_REFUSALS + 1 }, (_, slot) => `${claimed}/${slot}`);
  const taken = await tx.selectFrom('event_keys').select('key').where('key', 'in', slots).execute();
  if (taken.length > MAX_REFUSALS || !(await firstToSay(tx, run.organisationId, `${claimed}/${key}`))) return;
  const free = await firstFree(tx, run.organisationId, slots.slice(taken.length));
  if (free === undefined) return;
  const said =
    free === slots.at(-1)
      ? { what: `More than ${MAX_REFUSALS} refusals: no more of this attempt are kept.` }
      : { kind, what, ...details };
  await appendAudit(tx, {
    organisationId: run.organisationId,
    actor: await actorOf(tx, of),
    action: ACTIONS[kind],
    resource: run.trial ? `trial:${run.runId}` : `run:${run.runId}`,
    details: { run: run.number, step, ...(item !== null && { item }), attempt: of.attempt, ...said },
    outcome: 'denied',
  });
}

async function firstFree(tx: Tx, organisationId: string, slots: readonly string[]): Promise<string | undefined> {
  for (const slot of slots) if (await firstToSay(tx, organisationId, slot)) return slot;
  return undefined;
}

/** The agent whose attempt it is; Baton itself where a person's or nobody's work is looked at. */
async function actorOf(tx: Tx, { ref, attempt }: OfAttempt): Promise<Actor> {
  const agent = await tx
    .selectFrom('attempts')
    .innerJoin('agents', 'agents.id', 'attempts.agent_id')
    .select(['agents.id', 'agents.name'])
    .where('run_id', '=', ref.run.runId)
    .where('step', '=', ref.step)
    .where('item', 'is not distinct from', ref.item)
    .where('attempt', '=', attempt)
    .executeTakeFirst();
  return agent ? { kind: 'agent', ...agent } : SYSTEM;
}
