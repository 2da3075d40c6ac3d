import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Router, static as serveStatic } from 'express';
import { openApiDocument } from './openapi.js';

const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** The page of swagger-ui without scripts of its own: they would be against the content security policy. */
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Baton API</title>
    <link rel="stylesheet" href="/api/docs/swagger-ui.css">
  </head>
  <body>
    <div id="ui"></div>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#ui', deepLinking: true, displayOperationId: true, tryItOutEnabled: true });\n`;

/** `/api/openapi.json` and the readable documentation made of it. */
export function docs(): Router {
  const document = JSON.stringify(openApiDocument());
  const router = Router();
  router.get('/openapi.json', (_req, res) => void res.type('application/json').send(document));
  router.get('/docs', (_req, res) => void res.type('text/html').send(PAGE));
  router.get('/docs/start.js', (_req, res) => void res.type('text/javascript').send(START));
  router.use('/docs', serveStatic(swagger, { index: false }));
  return router;
}
