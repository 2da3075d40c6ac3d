import { Router, type Request } from 'express';
import { authenticate, consumeSignIn } from '../db/people.js';
import { BatonError } from '../domain/errors.js';
import { pagePath } from '../schema/api/session.js';
import { cookieOf, originOf, refuseForeign, SESSION_COOKIE } from './authenticate.js';
import type { ApiDeps } from './deps.js';
import { sendProblem, toProblem } from './problem.js';

/** `GET /sign-in?token=…&next=/…`: the one-time link that opens a browser's session. */
export function signIn(deps: ApiDeps): Router {
  const { db, baseUrl, log } = deps;
  const router = Router();
  // Who only looks whether a link is there must not use it up.
  router.head('/sign-in', (_req, res) => void res.status(204).end());
  router.get('/sign-in', async (req, res) => {
    try {
      refuseForeign(req, baseUrl);
      const { token } = req.query;
      const session =
        typeof token === 'string' && token.length <= 200 ? await consumeSignIn(db, token, originOf(req)) : null;
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
            'This sign-in link was used already, or is too old. `baton sign-in` gives a new one.',
          );
        }
      }
      res.redirect(303, nextOf(req));
    } catch (error) {
      const problem = toProblem(error, log);
      if (req.accepts(['html', 'json']) === 'html')
        res.status(problem.status).type('text/plain').send(`${problem.detail}\n`);
      else sendProblem(res, problem);
    }
  });
  return router;
}

/** Where the browser goes then: on Baton's own page, whatever the link says. */
function nextOf({ query: { next } }: Request): string {
  const path = pagePath.safeParse(next);
  return path.success ? path.data : '/';
}
