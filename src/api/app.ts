import express, { Router, type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { BatonError } from '../domain/errors.js';
import { groupBy } from '../db/group-by.js';
import { holds, identify } from './authenticate.js';
import type { ApiDeps } from './deps.js';
import { docs } from './docs.js';
import { health } from './health.js';
import { mcpEndpoint } from './mcp/endpoint.js';
import { sendProblem, toProblem } from './problem.js';
import { ROUTES } from './routes.js';
import { serveRoute } from './serve-route.js';
import { signIn } from './sign-in.js';
import { signedEvents } from './signed-events.js';
import { webPage } from './web-page.js';

/** The whole of what is served over HTTP. */
export function createApp(deps: ApiDeps): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.use(measure(deps));
  app.use(securityHeaders(deps));
  app.use(health(deps));
  app.use(signIn(deps));
  app.get('/metrics', needsKey(deps), async (_req, res) => {
    res.type(deps.metrics.registry.contentType).send(await deps.metrics.registry.metrics());
  });
  app.use('/api', api(deps));
  app.use(webPage(deps.webDirectory));
  app.use(notFound);
  app.use(onError(deps));
  return app;
}

function api(deps: ApiDeps): Router {
  const router = Router();
  router.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  router.use(mcpEndpoint(deps));
  router.post('/events', signedEvents(deps));
  for (const [path, routes] of groupBy(ROUTES, (route) => route.path)) {
    for (const route of routes) router[route.method](path, serveRoute(route, deps));
    const methods = routes.map(({ method }) => method.toUpperCase());
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', ');
    router.all(path, needsKey(deps), (req, res) => {
      res.set('Allow', allow);
      throw new BatonError('method-not-allowed', `${req.path} takes ${allow}, not ${req.method}.`);
    });
  }
  // Nobody without a key learns what is there.
  router.use(needsKey(deps), docs());
  return router;
}

const needsKey =
  (deps: ApiDeps): RequestHandler =>
  async (req, _res, next) => {
    const principal = await identify(req, deps);
    if (!holds(principal.role, 'reader')) throw new BatonError('role-too-low', 'This takes the role reader.');
    next();
  };

const notFound: RequestHandler = (req) => {
  throw new BatonError(
    'no-such-route',
    `There is nothing at ${req.method} ${req.path.slice(0, 200)}; /api/docs lists what there is.`,
  );
};

/** Express tells an error handler by its four parameters. */
const onError =
  ({ log }: ApiDeps): ErrorRequestHandler =>
  (error: unknown, _req, res, _next) =>
    sendProblem(res, toProblem(error, log));

const measure =
  ({ metrics, log }: ApiDeps): RequestHandler =>
  (req, res, next) => {
    const end = metrics.requests.startTimer();
    const startedAt = performance.now();
    res.once('close', () => {
      // The pattern, not the address: every run would be a series of its own.
      const route = (req.route as { path?: string } | undefined)?.path ?? 'other';
      end({ method: req.method, route: `${req.baseUrl}${route}`, status: String(res.statusCode) });
      log.debug(
        { method: req.method, path: req.path, status: res.statusCode, ms: Math.round(performance.now() - startedAt) },
        'request',
      );
    });
    next();
  };

/** On plain HTTP, as on loopback, a browser must neither insist on nor remember HTTPS. */
function securityHeaders({ baseUrl }: ApiDeps): RequestHandler {
  const https = baseUrl?.startsWith('https:') ?? false;
  return helmet({
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        frameAncestors: ["'none'"],
        upgradeInsecureRequests: https ? [] : null,
      },
    },
    strictTransportSecurity: https,
    crossOriginOpenerPolicy: https,
    originAgentCluster: https,
  });
}
