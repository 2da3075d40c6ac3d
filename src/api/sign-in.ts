import { Router } from 'express';
import { authenticate, consumeSignIn } from '../db/people.js';
import { cookieOf, refuseForeign, SESSION_COOKIE } from './authenticate.js';
import type { ApiDeps } from './deps.js';
import { sendProblem, toProblem } from './problem.js';
import { BatonError } from '../domain/errors.js';

/** `GET /sign-in?token=…`: the one-time link that opens a browser's session. */
export function signIn(deps: ApiDeps): Router {
  const { db, baseUrl, log } = deps;
  const router = Router();
  router.get('/sign-in', async (req, res) => {
    try {
      refuseForeign(req, baseUrl);
      const { token } = req.query;
      const session = typeof token === 'string' && token.length <= 200 ? await consumeSignIn(db, token) : null;
      if (session !== null) {
        res.cookie(SESSION_COOKIE, session, {
          httpOnly: true,
          sameSite: 'strict',
          path: '/',
          secure: baseUrl?.startsWith('https:') ?? false,
        });
        log.info('a browser signed in');
      } else {
        // The link clicked a second time: whoever is signed in stays so.
        const known = cookieOf(req);
        if (known === null || !(await authenticate(db, known))) {
          throw new BatonError(
            'sign-in-used',
            'This sign-in link was used already, or is too old. `baton up` prints a new one at each start.',
          );
        }
      }
      res.redirect(303, '/');
    } catch (error) {
      const problem = toProblem(error, log);
      if (req.accepts(['html', 'json']) === 'html')
        res.status(problem.status).type('text/plain').send(`${problem.detail}\n`);
      else sendProblem(res, problem);
    }
  });
  return router;
}
