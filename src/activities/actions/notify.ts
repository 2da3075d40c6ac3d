import { findChannel } from '../../db/channels.js';
import { isUuid } from '../../db/cursor.js';
import { createNotice } from '../../db/notices.js';
import type { Tx } from '../../db/connection.js';
import { BatonError } from '../../domain/errors.js';
import { isJsonObject, type Json, type JsonObject } from '../../domain/json.js';
import type { ChannelKind } from '../../domain/notice.js';
import type { StepRef } from '../../domain/work.js';
import { mailAddress } from '../../schema/channel.js';
import { requireAttachable } from '../notices/attachments.js';
import { textList, textParam } from '../params.js';
import { persist } from '../persist.js';
import type { Action } from '../run-action.js';

/** Writes a notice; to bring it to its channel is nothing that the run waits for, or fails on. */
const notify =
  (kinds: readonly ChannelKind[]): Action =>
  (deps, { ref, action, params }) =>
    persist(deps, ref.run.organisationId, async (tx) => {
      const channel = await channelOf(tx, ref, textParam(ref, params, 'channel'), kinds);
      const attachments = attachmentsOf(ref, params);
      await requireAttachable(tx, attachments);
      const { run, step, item } = ref;
      const notice = await createNotice(tx, {
        organisationId: run.organisationId,
        key: `${run.runId}/${step}${item === null ? '' : `/${item}`}/notify`,
        channel,
        event: textParam(ref, params, 'event') ?? action,
        runId: run.runId,
        urgent: params['urgent'] === true,
        title: textParam(ref, params, 'title') ?? `#${run.number} ${run.pipeline}: ${ref.name}`,
        text: asText(params['message'] ?? ''),
        data: {
          run: run.number,
          pipeline: run.pipeline,
          ...(run.repository && { repository: run.repository.name }),
          ...(run.issue && { issue: run.issue.number }),
          ...dataOf(ref, params),
        },
        attachments,
        ...(kinds.includes('mail') && { recipients: recipientsOf(ref, params) }),
      });
      return { output: { notice, channel } };
    });

export const notifySlack = notify(['slack', 'discord', 'teams']);
export const notifyEmail = notify(['mail']);
export const notifyWebhook = notify(['webhook']);

/**
 * The channel that is named, or the only one of its kind. One that is not there is no reason to fail a run: the notice
 * becomes a dead letter, which is sent again when it is. Throws before anything is written.
 */
async function channelOf(tx: Tx, ref: StepRef, name: string | null, kinds: readonly ChannelKind[]): Promise<string> {
  if (name !== null) {
    const channel = await findChannel(tx, name);
    if (!channel || kinds.includes(channel.kind)) return name;
    throw new BatonError(
      'channel-kind',
      `The channel ${name} is ${channel.kind}; ${ref.name} needs ${kinds.join(' or ')}.`,
    );
  }
  const fitting = await tx.selectFrom('channels').select('name').where('kind', 'in', kinds).orderBy('name').execute();
  if (fitting.length < 2) return fitting[0]?.name ?? kinds[0]!;
  throw new BatonError(
    'channel-missing',
    `${ref.name} names no channel, and there are several: ${fitting.map((channel) => channel.name).join(', ')}.`,
  );
}

function attachmentsOf(ref: StepRef, params: JsonObject): string[] {
  const ids = textList(ref, params, 'attach').filter((id) => id !== '');
  const wrong = ids.find((id) => !isUuid(id));
  if (wrong === undefined) return ids;
  throw new BatonError(
    'param-invalid',
    `The parameter attach of ${ref.name} is the id of an artifact, such as a report's; it is ${wrong.slice(0, 100)}.`,
  );
}

const MAX_RECIPIENTS = 50;

/** Whom a mail goes to in place of its channel's own recipients. */
function recipientsOf(ref: StepRef, params: JsonObject): string[] {
  const found = [...new Set(textList(ref, params, 'recipients').map((text) => text.trim()))];
  const wrong = found.find((text) => !mailAddress.safeParse(text).success);
  if (wrong !== undefined || found.length > MAX_RECIPIENTS)
    throw new BatonError(
      'param-invalid',
      `The parameter recipients of ${ref.name} is at most ${MAX_RECIPIENTS} mail addresses${wrong === undefined ? '' : `; ${JSON.stringify(wrong.slice(0, 100))} is none`}.`,
    );
  return found;
}

function dataOf(ref: StepRef, params: JsonObject): JsonObject {
  const data = params['data'] ?? {};
  if (isJsonObject(data)) return data;
  throw new BatonError('param-invalid', `The parameter data of ${ref.name} must be a mapping.`);
}

/** A value of an earlier step reads as JSON. */
const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));
