import { z } from 'zod';
import { ESCALATION_CAUSES, type EscalationAction, type EscalationPath } from '../domain/escalation.js';
import { channelName } from './channel.js';
import { parseYaml } from './parse-yaml.js';

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 };

const duration = z
  .string()
  .regex(/^\d{1,4}[mhd]$/, 'is a duration such as 0m, 30m, 48h or 7d')
  .transform((text) => Number(text.slice(0, -1)) * UNIT_MS[text.at(-1) as 'm' | 'h' | 'd']);

const action = z.union([
  z
    .strictObject({ notify: channelName, urgent: z.boolean().default(false) })
    .transform(({ notify, urgent }): EscalationAction => ({ kind: 'notify', channel: notify, urgent })),
  z.enum(['pause-agents', 'close', 'raise-priority']).transform((kind): EscalationAction => ({ kind })),
]);

const level = z
  .strictObject({ at: duration, actions: z.array(action).min(1).max(10) })
  .transform(({ at, actions }) => ({ atMs: at, actions }));

const path = z
  .strictObject({ cause: z.enum(ESCALATION_CAUSES), after: duration, levels: z.array(level).min(1).max(20) })
  .refine(({ levels }) => levels.every(({ atMs }, index) => index === 0 || atMs > levels[index - 1]!.atMs), {
    path: ['levels'],
    error: 'come one after the other: each `at` is later than the one before',
  })
  .transform(({ cause, after, levels }): EscalationPath => ({ cause, afterMs: after, levels }));

const noticeTemplate = z.strictObject({ title: z.string().min(1).max(300), text: z.string().max(5_000).default('') });
export type NoticeTemplate = z.infer<typeof noticeTemplate>;

/** An escalation path from its file. Throws `escalation-invalid` with every fault. */
export const parseEscalationPath = (source: string, file: string): EscalationPath =>
  parseYaml('escalation-invalid', path, source, file);

/** The texts of a notice from their file. Throws `notice-template-invalid` with every fault. */
export const parseNoticeTemplate = (source: string, file: string): NoticeTemplate =>
  parseYaml('notice-template-invalid', noticeTemplate, source, file);
