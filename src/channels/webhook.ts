import { createHmac } from 'node:crypto';
import { BatonError } from '../domain/errors.js';
import type { ChannelSettings } from '../schema/channel.js';
import { postJson, refusal } from './http.js';
import type { Message, Send } from './message.js';

/**
 * A signed call of yours. `standard-webhooks` is https://www.standardwebhooks.com, its secret `whsec_<base64>`;
 * `hmac-sha256` signs `<timestamp>.<body>` with the secret as it is. Every answer but 2xx and 410 (Gone) is tried again.
 */
export const sendWebhook: Send<ChannelSettings<'webhook'>> = async (message, { settings, secret, signal }) => {
  const timestamp = Math.floor(Date.now() / 1_000);
  const body = JSON.stringify({
    type: message.event,
    timestamp: message.createdAt.toISOString(),
    data: { id: message.id, title: message.title, text: message.text, ...message.data },
  });
  const sign = settings.signature === 'hmac-sha256' ? hmacHeaders : standardHeaders;
  const answer = await postJson({ url: settings.url, headers: sign(message, timestamp, body, secret), body, signal });
  const refused = refusal(answer, answer.status !== 410);
  if (refused) throw refused;
  return null;
};

function standardHeaders({ id }: Message, timestamp: number, body: string, secret: string): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(secret) || key.length === 0)
    throw new BatonError('secret-invalid', "The channel's secret is not one of Standard Webhooks: whsec_<base64>.");
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': `${timestamp}`, 'webhook-signature': `v1,${signature}` };
}

function hmacHeaders({ id }: Message, timestamp: number, body: string, secret: string): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-baton-id': id, 'x-baton-timestamp': `${timestamp}`, 'x-baton-signature': `sha256=${signature}` };
}
