import type { JsonObject } from '../domain/json.js';

/** What a channel is given to say. */
export interface Message {
  /** The same at every try, and other for every message: by it a channel knows what it has already. */
  readonly id: string;
  /** What it is about, for programs: `notify`, `pr-stale`, or a word of the pipeline's. */
  readonly event: string;
  readonly title: string;
  readonly text: string;
  readonly data: JsonObject;
  readonly createdAt: Date;
  readonly attachments: readonly Attachment[];
  /** Addresses of a mail, in place of its channel's; left out or none: its channel's. */
  readonly recipients?: readonly string[];
}

export interface Attachment {
  readonly name: string;
  readonly mediaType: string;
  readonly body: Buffer;
}

/** One channel, ready to be used. */
export interface Target<Settings> {
  readonly name: string;
  readonly settings: Settings;
  readonly secret: string;
  readonly signal: AbortSignal;
}

/** Sends a message; resolves with the channel's own name for it, null where it has none. Throws `BatonError`. */
export type Send<Settings> = (message: Message, target: Target<Settings>) => Promise<string | null>;
