import { z } from 'zod';
import { NAMED } from '../schema/api/named.js';
// Every error answers with it, and no route names it.
import '../schema/api/problem.js';
import type { Route } from './route.js';
import { ROUTES } from './routes.js';

type Json = Record<string, unknown>;

const REFERENCE = '#/components/schemas/';
const PROBLEM = {
  description: 'Refused',
  content: { 'application/problem+json': { schema: { $ref: `${REFERENCE}Problem` } } },
};

/** The OpenAPI 3.1 document, made from the schemas that check requests and answers. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const route of ROUTES) {
    const path = `/api${route.path.replace(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Baton',
      version: '1',
      description:
        'Runs fleets of coding agents as durable pipelines. Every request needs a key. Lists answer `{items, next}`; errors are problems (RFC 9457) with a stable `code`. ' +
        'A POST may carry an `Idempotency-Key`: sent again with the same key and body it is done once, and answered the same.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }, { session: [] }],
    tags: [...new Set(ROUTES.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'baton_session' },
      },
      schemas: namedSchemas(),
    },
  };
}

function operation(route: Route): Json {
  const parameters = [
    ...parametersOf(route.params, 'path'),
    ...parametersOf(route.query, 'query'),
    ...Object.entries(headersOf(route)).map(([name, description]) => ({
      name,
      in: 'header',
      description,
      schema: { type: 'string' },
    })),
  ];
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    description: `Takes the role ${route.role}.`,
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: {
        // What has no field, or none that must be there, may be left out as a whole.
        required: !route.body.safeParse({}).success,
        content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
      },
    }),
    responses: { ...answerOf(route), default: PROBLEM },
  };
}

/** Whether the same Idempotency-Key gets the same answer. */
const isRepeatable = (route: Route): boolean => route.method !== 'get' && 'response' in route && !route.secret;

function headersOf(route: Route): Readonly<Record<string, string>> {
  if ('serve' in route) return route.takes ?? {};
  return isRepeatable(route)
    ? { 'Idempotency-Key': '1 to 200 visible ASCII characters: sent again with it, the request is done once' }
    : {};
}

function answerOf(route: Route): Json {
  if ('response' in route) {
    const says = isRepeatable(route)
      ? { 'Idempotency-Replayed': '`true` where this is the answer of an earlier request with the same key' }
      : {};
    const content = { 'application/json': { schema: schemaOf(route.response, 'output') } };
    return { [route.status ?? 200]: { description: 'Done', ...headers(says), content } };
  }
  const { produces, says = {}, inParts = false } = route;
  if (Object.keys(produces).length === 0) return { 204: { description: 'Done' } };
  const content = Object.fromEntries<Json>(
    Object.entries(produces).map(([type, schema]) => [type, schema ? { schema: schemaOf(schema, 'output') } : {}]),
  );
  return {
    200: { description: 'Done', ...headers(says), content },
    ...(inParts && {
      206: {
        description: 'A part',
        ...headers({ ...says, 'Content-Range': 'Which part: `bytes first-last/whole`' }),
        content,
      },
    }),
  };
}

function headers(says: Readonly<Record<string, string>>): Json {
  if (Object.keys(says).length === 0) return {};
  const described = Object.entries(says).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  return { headers: Object.fromEntries(described) as Json };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = toJsonSchema(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: property,
  }));
}

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const name = NAMED.get(schema)?.id;
  return name === undefined ? toJsonSchema(schema, io) : { $ref: `${REFERENCE}${name}` };
};

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

/** Requests are shown as they are sent, answers as they come: a schema is used for one of both only. */
function namedSchemas(): Json {
  const sent = new Set(ROUTES.flatMap(({ body }) => (body ? [NAMED.get(body)?.id] : [])));
  const asInput = allSchemas('input');
  const asOutput = allSchemas('output');
  const ids = [...new Set([...Object.keys(asInput), ...Object.keys(asOutput)])].sort();
  return Object.fromEntries(ids.map((id) => [id, (sent.has(id) ? asInput[id] : asOutput[id]) ?? asInput[id]]));
}

/** What zod puts aside as shared, recursive schemas above all, gets a name beside the others. */
function allSchemas(io: 'input' | 'output'): Record<string, Json> {
  const shared = `Shared${io === 'input' ? 'Input' : 'Output'}`;
  const document = JSON.stringify(
    z.toJSONSchema(NAMED, { io, uri: (id) => `${REFERENCE}${id}`, unrepresentable: 'any' }).schemas,
  );
  const { __shared, ...schemas } = JSON.parse(
    document.replace(/#\/components\/schemas\/__shared#\/\$defs\/schema(\d+)/g, `${REFERENCE}${shared}$1`),
  ) as Record<string, Json>;
  const aside = Object.entries((__shared?.['$defs'] ?? {}) as Record<string, Json>);
  const all = [
    ...Object.entries(schemas),
    ...aside.map(([id, schema]) => [id.replace('schema', shared), schema] as const),
  ];
  return Object.fromEntries(all.map(([id, { $schema: _schema, $id: _id, ...schema }]) => [id, schema]));
}
