import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createMcpHandler, type AuthInfo } from '@modelcontextprotocol/server';
import { Router, type Request as HttpRequest, type Response as HttpResponse } from 'express';
import { findStepToken } from '../../db/step-tokens.js';
import { BatonError } from '../../domain/errors.js';
import { refuseForeign } from '../authenticate.js';
import type { ApiDeps } from '../deps.js';
import { textFaults } from '../parse-request.js';
import { readBody } from '../serve-route.js';
import { stepServer, type StepSession } from './step-server.js';

/** Where agents at work find Baton's tools, below `/api`. */
const PATH = '/mcp';

/**
 * Baton's tools for agents at work: the Model Context Protocol over streamable HTTP, without sessions. A step's token opens
 * this and nothing else, and no other key opens it.
 */
export function mcpEndpoint(deps: ApiDeps): Router {
  const handler = createMcpHandler(({ authInfo }) => stepServer(deps, sessionOf(authInfo)), {
    onerror: (error) => deps.log.debug({ err: error }, 'a request of an agent was not served'),
  });
  const router = Router();
  router.all(PATH, async (req, res) => {
    // A page of another site that a browser shows has no business here, whatever it knows.
    if (req.get('origin') !== undefined) refuseForeign(req, deps.baseUrl);
    const session = await identifyStep(req, deps);
    if (req.method === 'POST') await readBody(req, res);
    refuseUnkeepable(req.body);
    const authInfo = { token: '', clientId: 'step', scopes: [], extra: { ...session } };
    await send(await handler.fetch(requestOf(req), { authInfo, parsedBody: req.body as unknown }), res);
  });
  return router;
}

async function identifyStep(req: HttpRequest, { db }: ApiDeps): Promise<StepSession> {
  const token = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(req.get('authorization') ?? '')?.[1];
  const known = token === undefined ? null : await findStepToken(db, token);
  if (known) return known;
  throw new BatonError(
    'not-signed-in',
    'This takes the token of a step that an agent works at, which is good until its attempt ends: send `Authorization: Bearer <token>`.',
  );
}

function refuseUnkeepable(body: unknown): void {
  const [fault] = textFaults(body, []);
  if (fault) throw new BatonError('invalid-request', `/${fault.path.join('/')}: ${fault.message}.`);
}

const sessionOf = (authInfo: AuthInfo | undefined): StepSession => authInfo!.extra as unknown as StepSession;

/** The body is read already, and handed over beside it. */
function requestOf(req: HttpRequest): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers))
    for (const one of [value].flat()) if (one !== undefined) headers.append(name, one);
  return new Request(new URL(req.originalUrl, 'http://localhost'), { method: req.method, headers });
}

async function send(response: Response, res: HttpResponse): Promise<void> {
  res.status(response.status).setHeaders(response.headers);
  if (response.body === null) res.end();
  // Who goes away in the middle has what it came for, or does not want it.
  else await pipeline(Readable.fromWeb(response.body as never), res).catch(() => res.destroy());
}
