import { sendMail } from '../../src/channels/mail.js';
import { attachmentOf, SMTP_PASSWORD, smtpFake, type Mail } from '../support/smtp-fake.js';
import { message, target } from './message.js';

let smtp: Awaited<ReturnType<typeof smtpFake>>;
beforeAll(async () => {
  smtp = await smtpFake();
});
afterEach(() => smtp.refuse(null));
afterAll(() => smtp.close());

const settings = {
  host: '127.0.0.1',
  encryption: 'none' as const,
  user: 'baton',
  from: 'baton@example.org',
  to: ['team@example.org', 'lee@example.org'],
};
const post = (secret = SMTP_PASSWORD, more: object = {}, of = message) =>
  sendMail(of, target({ ...settings, port: smtp.port, ...more }, secret, 'team-mail'));

const headersOf = (raw: string) =>
  raw
    .slice(0, raw.indexOf('\r\n\r\n'))
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');

describe('a mail', () => {
  it('goes to all recipients, with the same Message-ID at every try', async () => {
    await post();
    await post();
    const [first, second] = smtp.mails.slice(-2);
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
    const idOf = ({ raw }: Mail) => headersOf(raw).find((header) => header.startsWith('Message-ID'));
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
    const { raw } = smtp.mails.at(-1)!;
    expect(raw).toContain('Content-Type: application/pdf; name=compliance.pdf');
    expect(raw).toContain('Content-Disposition: attachment; filename=compliance.pdf');
    expect(attachmentOf(smtp.mails.at(-1)!, 'application/pdf').equals(body)).toBe(true);
  });

  it('has a subject of one line, whatever stands in it', async () => {
    await post(undefined, {}, { ...message, title: 'a\r\nBcc: x@example.org' });
    expect(smtp.mails.at(-1)!.to).toEqual(settings.to);
    expect(headersOf(smtp.mails.at(-1)!.raw).some((header) => header.startsWith('Bcc'))).toBe(false);
  });

  it('is tried again where the server is busy or away, and not where it refuses', async () => {
    smtp.refuse(451);
    await expect(post()).rejects.toMatchObject({ code: 'channel-busy', retryable: true });
    smtp.refuse(554);
    await expect(post()).rejects.toMatchObject({ code: 'channel-refused', retryable: false });
    await expect(post('wrong')).rejects.toMatchObject({ code: 'channel-refused', retryable: false });
    await expect(post(undefined, { port: 1 })).rejects.toMatchObject({ code: 'channel-busy', retryable: true });
  });

  it('is not sent in the clear where the channel wants it encrypted', async () => {
    const before = smtp.mails.length;
    await expect(post(undefined, { encryption: 'starttls' })).rejects.toMatchObject({ code: 'channel-refused' });
    expect(smtp.mails).toHaveLength(before);
  });
});
