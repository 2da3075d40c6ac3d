import { promisify } from 'node:util';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { appendAudit, type AuditEntry, type Origin } from '../db/audit.js';
import { withOrganisation, type Tx } from '../db/connection.js';
import type { Principal } from '../db/people.js';
import { BatonError } from '../domain/errors.js';
import type { JsonObject } from '../domain/json.js';
import { holds, identify, originOf, RefusedSession } from './authenticate.js';
import type { ApiDeps } from './deps.js';
import { answerFresh, once, type Answer, type Try } from './idempotent.js';
import { parseRequest, type Parsed } from './parse-request.js';
import type { Problem } from '../schema/api/problem.js';
import { sendProblem, toProblem } from './problem.js';
import type { Call, Route } from './route.js';

const MAX_BODY = '256kb';

const readJson = express.json({ limit: MAX_BODY, strict: false, inflate: false, type: () => true });

/** The way of a request through the door: who, may they, what exactly; then the route; then the audit trail. */
export function serveRoute(route: Route, deps: ApiDeps): RequestHandler {
  return async (req, res) => {
    const principal = await identify(req, deps, route.scope).catch(async (error: unknown) => {
      if (error instanceof RefusedSession)
        await new RequestAudit(route, req, error.principal, deps).failed(toProblem(error, deps.log));
      throw error;
    });
    const audit = new RequestAudit(route, req, principal, deps);
    try {
      if (!holds(principal.role, route.role)) {
        throw new BatonError(
          'role-too-low',
          `This takes the role ${route.role}; ${principal.handle} has ${principal.role}.`,
        );
      }
      if (route.body) await readBody(req, res);
      const parsed = parseRequest(req, {
        params: route.params ?? null,
        query: route.query ?? null,
        body: route.body ?? null,
      });
      if ('serve' in route) {
        await route.serve(
          callOf(principal, parsed, { key: '', again: false }, audit, deps) as Call<never, never, never>,
          deps,
          req,
          res,
        );
        return;
      }
      const { status, body, replayed } = await answerOnce(route, req, principal, deps, async (attempt) => {
        const call = callOf(principal, parsed, attempt, audit, deps) as Call<never, never, never>;
        return answer(() => route.handle(call, deps), route.status ?? 200, audit, deps);
      });
      if (replayed) res.set('Idempotency-Replayed', 'true');
      if (status >= 400) sendProblem(res, body as Parameters<typeof sendProblem>[1]);
      else res.status(status).json(checked(route, body, deps));
    } catch (error) {
      const problem = toProblem(error, deps.log);
      await audit.failed(problem);
      sendProblem(res, problem);
    }
  };
}

/** Only a write has an effect to repeat; and what holds a secret is not kept. */
const answerOnce = (
  { method, secret }: Route,
  req: Request,
  principal: Principal,
  deps: ApiDeps,
  handle: (attempt: Try) => Promise<Answer>,
) => (method === 'get' || secret ? answerFresh(handle) : once(req, principal, deps, handle));

/** A refusal is an answer as well, and is kept for the same key. */
async function answer(
  handle: () => Promise<unknown>,
  status: number,
  audit: RequestAudit,
  deps: ApiDeps,
): Promise<Answer> {
  try {
    const body = JSON.parse(JSON.stringify(await handle())) as unknown;
    await audit.succeeded();
    return { status, body };
  } catch (error) {
    const problem = toProblem(error, deps.log);
    await audit.failed(problem);
    return { status: problem.status, body: problem };
  }
}

function checked(route: Extract<Route, { response: unknown }>, body: unknown, { checkAnswers }: ApiDeps): unknown {
  if (checkAnswers) route.response.parse(body);
  return body;
}

export async function readBody(req: Request, res: Response, read: RequestHandler = readJson): Promise<void> {
  const type = req.get('content-type');
  const hasBody = req.get('transfer-encoding') !== undefined || Number(req.get('content-length') ?? 0) > 0;
  if (hasBody && !/^application\/json(\s*;|$)/i.test(type ?? '')) {
    throw new BatonError(
      'wrong-content-type',
      `Send the body as application/json${type === undefined ? '' : `, not ${type.slice(0, 100)}`}.`,
    );
  }
  await promisify<Request, Response>(read)(req, res);
}

function callOf(principal: Principal, parsed: Parsed, attempt: Try, audit: RequestAudit, { db }: ApiDeps): Call {
  return {
    principal: { ...principal, origin: audit.origin },
    ...parsed,
    ...attempt,
    read: (work) => withOrganisation(db, principal.organisationId, work),
    write: async (work) => {
      const result = await withOrganisation(db, principal.organisationId, async (tx) => {
        const done = await work(tx);
        await audit.succeeded(tx);
        return done;
      });
      audit.close();
      return result;
    },
    about: (resource, details) => audit.about(resource, details),
  };
}

/** The row that a request leaves in the audit trail: each denial, and each write, whatever came of it. */
class RequestAudit {
  readonly #route: Route;
  readonly #principal: Principal;
  readonly #deps: ApiDeps;
  readonly origin: Origin;
  #resource: string;
  #details: JsonObject = {};
  #done = false;

  constructor(route: Route, req: Request, principal: Principal, deps: ApiDeps) {
    this.#route = route;
    this.#principal = principal;
    this.#deps = deps;
    this.origin = { ...originOf(req), session: principal.keyId };
    this.#resource = `path:${req.path.slice(0, 300)}`;
  }

  about(resource: string, details?: JsonObject): void {
    this.#resource = resource;
    if (details) this.#details = details;
  }

  /** With `tx` the row stands or falls with the write itself. */
  async succeeded(tx?: Tx): Promise<void> {
    if (this.#done || this.#route.action === undefined || this.#route.auditsItself) return;
    await this.#append('success', this.#details, tx);
    if (!tx) this.close();
  }

  close(): void {
    this.#done = true;
  }

  /** The answer matters more than its trace: where the database is away, the log has it. */
  async failed({ status, code }: Problem): Promise<void> {
    const outcome = outcomeOf(status);
    if (this.#done || (this.#route.action === undefined && outcome !== 'denied')) return;
    this.#done = true;
    try {
      await this.#append(outcome, { ...this.#details, code });
    } catch (error) {
      this.#deps.log.error({ err: error, action: this.#route.action, code }, 'an audit row could not be written');
    }
  }

  #append(outcome: AuditEntry['outcome'], details: JsonObject, tx?: Tx): Promise<void> {
    const { organisationId, personId, handle } = this.#principal;
    const entry: AuditEntry = {
      organisationId,
      actor: { kind: 'person', id: personId, name: handle },
      action: this.#route.action ?? this.#route.id,
      resource: this.#resource,
      details,
      outcome,
      ...this.origin,
    };
    return tx
      ? appendAudit(tx, entry)
      : withOrganisation(this.#deps.db, organisationId, (own) => appendAudit(own, entry));
  }
}

/** A service that did not answer in time may have done what it was asked. */
function outcomeOf(status: number): AuditEntry['outcome'] {
  if (status === 403) return 'denied';
  return status === 503 ? 'unknown' : 'failure';
}
