import type { ColumnType, Generated } from 'kysely';
import type { EscalationCause, EscalationFacts, ReachedLevel } from '../../domain/escalation.js';
import type { JsonObject } from '../../domain/json.js';
import type { ChannelKind, QuietHours } from '../../domain/notice.js';
import type { JsonColumn, MaybeJson, MaybeTime, Owned, RecordedError, Time } from './columns.js';

/** Who is told of what. */
export interface NoticeTables {
  channels: Owned & {
    id: Generated<string>;
    name: string;
    kind: ChannelKind;
    settings: JsonColumn<JsonObject>;
    /** Name of the variable of the workers that holds its secret. */
    secret_env: string | null;
    quiet_hours: MaybeJson<QuietHours>;
    created_at: Time;
  };
  notices: Owned & {
    id: Generated<string>;
    key: string;
    /** Its name: the notice waits for a channel that is not there yet, and outlives it. */
    channel: string;
    event: string;
    run_id: string | null;
    urgent: Generated<boolean>;
    title: string;
    text: string;
    data: ColumnType<JsonObject, string | undefined, string>;
    attachments: Generated<string[]>;
    recipients: Generated<string[]>;
    status: Generated<'pending' | 'sent' | 'failed'>;
    round: Generated<number>;
    attempts: Generated<number>;
    error: MaybeJson<RecordedError>;
    remote_id: string | null;
    created_at: Time;
    held_until: MaybeTime;
    dispatched_at: MaybeTime;
    settled_at: MaybeTime;
  };
  escalations: Owned & {
    id: Generated<string>;
    project_id: string | null;
    cause: EscalationCause;
    subject: string;
    title: string;
    since: Time;
    run_id: string | null;
    facts: ColumnType<EscalationFacts, string | undefined, string>;
    status: Generated<'open' | 'cleared' | 'ended'>;
    levels: ColumnType<readonly ReachedLevel[], string | undefined, string>;
    created_at: Time;
    dispatched_at: MaybeTime;
    closed_at: MaybeTime;
    signalled_at: MaybeTime;
  };
}
