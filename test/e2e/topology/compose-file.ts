import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const FILE = resolve(import.meta.dirname, '../../../docker-compose.yml');

const serviceSchema = z.object({
  /** Absent: the image of the Dockerfile. */
  image: z.string().optional(),
  entrypoint: z.array(z.string()).default([]),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  /** That a service is started says nothing: one waits until it is healthy, or done. */
  depends_on: z
    .record(z.string(), z.object({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }))
    .default({}),
  restart: z.string().default('no'),
  ports: z.array(z.string()).default([]),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
});

/** A service of docker-compose.yml, as far as it says what runs. */
export type Service = z.infer<typeof serviceSchema>;

/** The services of docker-compose.yml by name, with `variables` filled in as the compose client does. */
export function readComposeFile(variables: Readonly<Record<string, string>>): Readonly<Record<string, Service>> {
  const source: unknown = parse(readFileSync(FILE, 'utf8'), { merge: true });
  const filled: unknown = JSON.parse(JSON.stringify(source), (_key, value: unknown) =>
    typeof value === 'string' ? fillIn(value, variables) : value,
  );
  return z.object({ services: z.record(z.string(), serviceSchema) }).parse(filled).services;
}

/** `$$`, `${NAME}`, `${NAME:-default}` and `${NAME:?message}`. */
function fillIn(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})/g, (_all, name?: string, kind?: string, rest?: string) => {
    if (name === undefined) return '$';
    const value = variables[name] ?? '';
    if (value === '' && kind === '?') throw new Error(`docker-compose.yml wants ${name}: ${rest ?? ''}`);
    return value === '' && kind === '-' ? (rest ?? '') : value;
  });
}
