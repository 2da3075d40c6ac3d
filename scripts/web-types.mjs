#!/usr/bin/env node
// Writes the types of the REST API for the page, made from its OpenAPI document. With --check it only says whether
// they are current. Needs neither a database nor a build.
import { readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { format } from 'prettier';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(root, 'web/src/api/types.ts');

// Node strips the types, but does not know that `./x.js` is written in `./x.ts` here.
registerHooks({
  resolve(specifier, context, nextResolve) {
    const isOurs = specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.includes('/src/');
    return nextResolve(isOurs ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});

const { openApiDocument } = await import('../src/api/openapi.ts');
const ast = await openapiTypescript(openApiDocument(), {
  alphabetize: true,
  // zod's names for what refers to itself, which is any JSON: TypeScript refuses a property of its own type.
  transform: (_schema, { path }) =>
    /\/Shared(In|Out)put\d+$/.test(path ?? '')
      ? ts.factory.createKeywordTypeNode(ts.SyntaxKind.UnknownKeyword)
      : undefined,
});
const options = JSON.parse(readFileSync(join(root, '.prettierrc.json'), 'utf8'));
const types = await format(`// Made by \`npm run web:types\`; do not edit.\n\n${astToString(ast)}`, {
  ...options,
  parser: 'typescript',
});

if (!process.argv.includes('--check')) {
  writeFileSync(file, types);
} else if (readFileSync(file, 'utf8') !== types) {
  console.error('web/src/api/types.ts is not what the API says any more: run `npm run web:types`.');
  process.exitCode = 1;
}
