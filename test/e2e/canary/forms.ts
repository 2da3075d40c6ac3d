import { randomBytes } from 'node:crypto';

/** A secret that is known again wherever it comes to lie; it has characters that addresses, JSON and base64 write otherwise. */
export const markedSecret = (name: string): string => `canary.${name}+/=&%~${randomBytes(9).toString('hex')}`;

/** What gives a secret away, each with what it is called. */
export function formsOf(secret: string): readonly (readonly [form: string, text: string])[] {
  const bytes = Buffer.from(secret);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  // Without the characters at its ends that hold bits of what stands beside it.
  const base64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice([0, 2, 3][before], Math.floor(((before + bytes.length) * 8) / 6)),
  );
  return [
    ['plain', secret],
    ...base64.map((text, before) => [`base64 behind ${before} bytes`, text] as const),
    ['URL-encoded', encodeURIComponent(secret)],
    [
      'URL-encoded, in lower case',
      encodeURIComponent(secret).replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    ],
    ['URL-encoded, every byte', hex.map((byte) => `%${byte.toUpperCase()}`).join('')],
  ];
}

export interface Hit {
  readonly place: string;
  readonly secret: string;
  readonly form: string;
  readonly around: string;
}

/** No secret: it is found wherever a secret would be, were it not taken out. */
export const CONTROL = 'control-of-the-canary-0123456789';

/** Looks for secrets in whatever is shown to it, and remembers where they were. */
export class Search {
  readonly hits: Hit[] = [];
  /** The kinds of places in which there was the control. */
  readonly seen = new Set<string>();
  readonly #needles: readonly (readonly [secret: string, form: string, needle: Buffer])[];

  constructor(secrets: Readonly<Record<string, string>>) {
    this.#needles = Object.entries(secrets).flatMap(([name, secret]) =>
      formsOf(secret).map(([form, text]) => [name, form, Buffer.from(text)] as const),
    );
  }

  in(kind: string, place: string, content: Buffer | string): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    if (bytes.includes(CONTROL)) this.seen.add(kind);
    for (const [secret, form, needle] of this.#needles) {
      const at = bytes.indexOf(needle);
      if (at === -1) continue;
      const around = bytes.subarray(Math.max(0, at - 60), at + needle.length + 20).toString('latin1');
      this.hits.push({ place: `${kind}: ${place}`, secret, form, around });
    }
  }
}
