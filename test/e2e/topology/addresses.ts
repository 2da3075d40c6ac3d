/** A server of the compose file: where it listens in its container, and where here. */
export interface Listener {
  readonly service: string;
  readonly port: number;
  readonly portHere: number;
  /** Reached at 127.0.0.1 by people, and so by everybody. */
  readonly isPublished: boolean;
}

export interface Places {
  readonly listeners: readonly Listener[];
  /** Folders of a container, and what stands for them here. */
  readonly folders: Readonly<Record<string, string>>;
}

/**
 * All that is changed in what the compose file says: `temporal:7233`, `127.0.0.1:8080` and `/data` become addresses and
 * folders of this machine. An address where nobody listens stays as it is, and does not work.
 */
export function translate(text: string, self: string, { listeners, folders }: Places): string {
  // In a container every address is its own; here only loopback is.
  if (text === '0.0.0.0') return '127.0.0.1';
  let translated = text;
  for (const { service, port, portHere, isPublished } of listeners) {
    const hosts = service === self || isPublished ? `(?:${service}|127\\.0\\.0\\.1)` : service;
    // In one word or in two: `temporal:7233`, `--ep temporal-db -p 5432`, `nc -z 127.0.0.1 7233`.
    const address = new RegExp(`(?<![\\w.-])${hosts}(:| -p | )${port}(?!\\d)`, 'g');
    translated = translated.replace(address, `127.0.0.1$1${portHere}`);
  }
  for (const [inside, here] of Object.entries(folders)) {
    translated = translated.replace(new RegExp(`(?<![\\w/])${inside}(?![\\w-])`, 'g'), here);
  }
  return translated;
}
