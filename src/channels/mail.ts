import { createTransport } from 'nodemailer';
import { BatonError } from '../domain/errors.js';
import type { ChannelSettings } from '../schema/channel.js';
import type { Send } from './message.js';

const TIMEOUT_MS = 15_000;

/** A mail by SMTP; the secret is the user's password, where there is one. `Message-ID` is the same at every try. */
export const sendMail: Send<ChannelSettings<'mail'>> = async (message, { settings, secret }) => {
  const { host, port, encryption, user, from } = settings;
  const to = message.recipients?.length ? [...message.recipients] : settings.to;
  const transport = createTransport({
    host,
    port,
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls',
    ignoreTLS: encryption === 'none',
    ...(user !== undefined && { auth: { user, pass: secret } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // What is sent is what is given: nothing is read from a disk or fetched for it.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const { messageId } = await transport.sendMail({
      from,
      to,
      subject: message.title,
      text: message.text === '' ? message.title : message.text,
      messageId: `<${message.id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
      date: message.createdAt,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Baton-Event': message.event },
      attachments: message.attachments.map(({ name, mediaType, body }) => ({
        filename: name,
        contentType: mediaType,
        content: body,
      })),
    });
    return messageId;
  } catch (error) {
    throw failure(error);
  } finally {
    transport.close();
  }
};

/** A server that says 5xx, or refuses the login, would say it again; what is away may come back. */
function failure(error: unknown): BatonError {
  const { code, responseCode, response, message } = error as {
    code?: string;
    responseCode?: number;
    response?: string;
    message?: string;
  };
  const isFinal = (responseCode !== undefined && responseCode >= 500) || code === 'EAUTH' || code === 'ETLS';
  return new BatonError(
    isFinal ? 'channel-refused' : 'channel-busy',
    `The mail server did not take it: ${(response ?? message ?? String(error)).slice(0, 200)}.`,
    { retryable: !isFinal },
  );
}
