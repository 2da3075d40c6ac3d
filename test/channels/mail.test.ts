import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { sendMail } from '../../src/channels/mail.js';
import { message, target } from './message.js';

interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly raw: string;
}

const mails: Envelope[] = [];
/** What the server says to a message, where it does not take it. */
let refuseWith: number | null = null;
let server: SMTPServer;
let port: number;

const replied = (responseCode: number): Error => Object.assign(new Error('not now'), { responseCode });

beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === 'baton' && password === 'made-up-password' ? done(null, { user: username }) : done(replied(535)),
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
  port = (server.server.address() as AddressInfo).port;
});
afterEach(() => void (refuseWith = null));
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

const settings = {
  host: '127.0.0.1',
  encryption: 'none' as const,
  user: 'baton',
  from: 'baton@example.org',
  to: ['team@example.org', 'lee@example.org'],
};
const post = (secret = 'made-up-password', more: object = {}, of = message) =>
  sendMail(of, target({ ...settings, port, ...more }, secret, 'team-mail'));

const headersOf = (raw: string) =>
  raw
    .slice(0, raw.indexOf('\r\n\r\n'))
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');

describe('a mail', () => {
  it('goes to all recipients, with the same Message-ID at every try', async () => {
    await post();
    await post();
    const [first, second] = mails.slice(-2);
    expect(first).toMatchObject({ from: 'baton@example.org', to: settings.to, user: 'baton' });
    expect(headersOf(first!.raw)).toEqual(
      expect.arrayContaining([
        'From: baton@example.org',
        'To: team@example.org, lee@example.org',
        'Subject: Audit of demo',
        `Message-ID: <${message.id}@example.org>`,
        'Date: Fri, 02 Jan 2026 03:04:05 +0000',
        'Auto-Submitted: auto-generated',
      ]),
    );
    expect(first!.raw).toContain('2 findings <script> & more');
    const idOf = ({ raw }: Envelope) => headersOf(raw).find((header) => header.startsWith('Message-ID'));
    expect(idOf(second!)).toBe(idOf(first!));
  });

  it('carries its attachments byte for byte', async () => {
    const body = Buffer.from(Array.from({ length: 3_000 }, (_, index) => index % 256));
    await post(
      undefined,
      {},
      {
        ...message,
        attachments: [{ name: 'compliance.pdf', mediaType: 'application/pdf', body }],
      },
    );
    const { raw } = mails.at(-1)!;
    expect(raw).toContain('Content-Type: application/pdf; name=compliance.pdf');
    expect(raw).toContain('Content-Disposition: attachment; filename=compliance.pdf');
    const boundary = /boundary="([^"]+)"/.exec(raw)![1]!;
    const part = raw.split(`--${boundary}`).find((text) => text.includes('application/pdf'))!;
    expect(Buffer.from(part.slice(part.indexOf('\r\n\r\n')), 'base64').equals(body)).toBe(true);
  });

  it('has a subject of one line, whatever stands in it', async () => {
    await post(undefined, {}, { ...message, title: 'a\r\nBcc: x@example.org' });
    expect(mails.at(-1)!.to).toEqual(settings.to);
    expect(headersOf(mails.at(-1)!.raw).some((header) => header.startsWith('Bcc'))).toBe(false);
  });

  it('is tried again where the server is busy or away, and not where it refuses', async () => {
    refuseWith = 451;
    await expect(post()).rejects.toMatchObject({ code: 'channel-busy', retryable: true });
    refuseWith = 554;
    await expect(post()).rejects.toMatchObject({ code: 'channel-refused', retryable: false });
    await expect(post('wrong')).rejects.toMatchObject({ code: 'channel-refused', retryable: false });
    await expect(post(undefined, { port: 1 })).rejects.toMatchObject({ code: 'channel-busy', retryable: true });
  });

  it('is not sent in the clear where the channel wants it encrypted', async () => {
    const before = mails.length;
    await expect(post(undefined, { encryption: 'starttls' })).rejects.toMatchObject({ code: 'channel-refused' });
    expect(mails).toHaveLength(before);
  });
});
