import type { Message } from '../../src/channels/message.js';

export const message: Message = {
  id: '6a1f4f0e-3a5c-4c0e-9a53-0c1f6f1d2b11',
  event: 'notify.webhook',
  title: 'Audit of demo',
  text: '2 findings <script> & more',
  data: { run: 7 },
  createdAt: new Date('2026-01-02T03:04:05Z'),
  attachments: [],
};

export const target = <S>(settings: S, secret: string, name = '#security') => ({
  name,
  settings,
  secret,
  signal: new AbortController().signal,
});
