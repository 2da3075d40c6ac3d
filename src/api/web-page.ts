import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Router, static as serveStatic } from 'express';

/** The built web page; every address that is not a file is the page's own to understand. */
export function webPage(directory: string | null): Router {
  const router = Router();
  if (directory === null || !existsSync(join(directory, 'index.html'))) return router;
  // Files under assets/ carry a hash of their content in their name.
  router.use(
    '/assets',
    serveStatic(join(directory, 'assets'), { immutable: true, maxAge: '1y', index: false }),
    // One that a newer build has removed is not there: the page itself would be taken for a script.
    (_req, _res, next) => next('router'),
  );
  router.use(serveStatic(directory, { index: false }));
  router.get('/{*path}', (req, res, next) => {
    if (/^\/(api|metrics|healthz|readyz|sign-in)(\/|$)/.test(req.path) || !req.accepts('html')) next();
    else res.set('Cache-Control', 'no-cache').sendFile('index.html', { root: directory });
  });
  return router;
}
