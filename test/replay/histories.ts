import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const HISTORIES = fileURLToPath(new URL('./histories', import.meta.url));

/** A workflow's history as it was recorded, and the id that its children's ids are made of. */
export interface RecordedHistory {
  readonly workflowId: string;
  /** Protobuf in base64: the SDK's conversion to and from JSON does not run under Jest. */
  readonly history: string;
}

interface HistoryType {
  encode(history: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
}

/** The SDK's own generated types, of which it exports no value. */
function historyType(): HistoryType {
  const ofCommon = createRequire(createRequire(import.meta.url).resolve('@temporalio/common'));
  return (ofCommon('@temporalio/proto') as { temporal: { api: { history: { v1: { History: HistoryType } } } } })
    .temporal.api.history.v1.History;
}

export const encodeHistory = (history: object): string =>
  Buffer.from(historyType().encode(history).finish()).toString('base64');

export const decodeHistory = (history: string): object => historyType().decode(Buffer.from(history, 'base64'));

/** The recorded histories by file name: `<scenario>.<number>.<workflow>.json`. */
export function recordedHistories(): readonly (readonly [name: string, recorded: RecordedHistory])[] {
  return readdirSync(HISTORIES)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => [name, JSON.parse(readFileSync(join(HISTORIES, name), 'utf8')) as RecordedHistory]);
}
