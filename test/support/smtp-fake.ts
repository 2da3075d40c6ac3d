import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly raw: string;
}

export const SMTP_PASSWORD = 'made-up-password';

const replied = (responseCode: number): Error => Object.assign(new Error('not now'), { responseCode });

/** A mail server on loopback, without encryption; `baton` may sign in. */
export async function smtpFake() {
  const mails: Mail[] = [];
  /** What the server says to a message, where it does not take it. */
  let refuseWith: number | null = null;
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === 'baton' && password === SMTP_PASSWORD ? done(null, { user: username }) : done(replied(535)),
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        if (refuseWith !== null) {
          done(replied(refuseWith));
          return;
        }
        const { envelope } = session;
        const user = session.user as string | undefined;
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        mails.push({ from, to, user, raw: Buffer.concat(parts).toString('utf8') });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refuse: (code: number | null) => void (refuseWith = code),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** The body of an attachment of a mail. */
export function attachmentOf({ raw }: Mail, mediaType: string): Buffer {
  const boundary = /boundary="([^"]+)"/.exec(raw)![1]!;
  const part = raw.split(`--${boundary}`).find((text) => text.includes(`Content-Type: ${mediaType}`))!;
  return Buffer.from(part.slice(part.indexOf('\r\n\r\n')), 'base64');
}
