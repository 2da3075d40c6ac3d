import { z } from 'zod';
import { BatonError } from '../domain/errors.js';
import type { Finding } from '../domain/gate.js';
import type { JsonObject } from '../domain/json.js';
import type { StepRef } from '../domain/work.js';

const finding = z.object({
  rule: z.string(),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
  message: z.string(),
  file: z.string().nullable().default(null),
  line: z.int().nullable().default(null),
  fix: z.string().nullable().default(null),
});
/** As a compliance checker says it. */
const violation = z
  .object({
    rule: z.string(),
    severity: z.enum(['ERROR', 'WARNING']),
    message: z.string().optional(),
    location: z.string().nullish(),
    remediation: z.string().nullish(),
  })
  .transform(({ rule, severity, message, location, remediation }) => ({
    rule,
    severity: severity === 'ERROR' ? ('high' as const) : ('medium' as const),
    message: message ?? rule,
    file: location ?? null,
    line: null,
    fix: remediation ?? null,
  }));
const one = z.union([finding, violation]);
/** Also the outputs of audits and reviews, as they are. */
const list = z
  .array(z.union([one, z.object({ findings: z.array(one) })]))
  .transform((items) => items.flatMap((item) => ('findings' in item ? item.findings : [item])));
/** What a report hands on in the place of its findings, which may be more than a workflow carries. */
const reference = z.strictObject({ of: z.array(z.string()), count: z.int() });

/** The steps whose findings a value stands for; null: it is none that a report handed on. */
export const asReference = (value: unknown): readonly string[] | null => reference.safeParse(value).data?.of ?? null;

export type GivenFindings =
  /** Those of the record: of these steps; null: of all. */
  | { readonly kind: 'recorded'; readonly steps: readonly string[] | null }
  | { readonly kind: 'listed'; readonly findings: readonly Finding[] };

/** The parameter `findings`: what a report handed on, a list, or, left out, all that the run has found. */
export function givenFindings(ref: StepRef, { findings: value }: JsonObject): GivenFindings {
  if (value === undefined || value === null) return { kind: 'recorded', steps: null };
  const steps = asReference(value);
  if (steps !== null) return { kind: 'recorded', steps };
  const listed = list.safeParse(value);
  if (listed.success) return { kind: 'listed', findings: listed.data };
  throw new BatonError(
    'param-invalid',
    `The parameter findings of ${ref.name} is a list of findings, or what a report hands on as {{ report.findings }}.`,
  );
}
