/** What Baton does itself under the name of an agent's capability (adapter `action`). */
export const SERVICES = [
  'scan.repository',
  'scan.file',
  'notify.slack',
  'notify.email',
  'notify.webhook',
  'report.generate',
  'dependencies.update',
] as const;

export type ServiceName = (typeof SERVICES)[number];
