import type { ServiceName } from '../../domain/service.js';
import { sendEmail, sendSlack, sendWebhook } from './notify.js';
import { writeReport } from './report.js';
import { scanFile, scanRepository } from './scan.js';
import type { PlainService, Service } from './service.js';
import { updateDependencies } from './update-dependencies.js';

/** Those that need no repository. */
export const PLAIN_SERVICES: Readonly<Record<string, PlainService>> = {
  'notify.slack': sendSlack,
  'notify.email': sendEmail,
  'notify.webhook': sendWebhook,
  'report.generate': writeReport,
};

export const SERVICES_BY_NAME: Readonly<Record<ServiceName, Service>> = {
  'scan.repository': scanRepository,
  'scan.file': scanFile,
  'notify.slack': sendSlack,
  'notify.email': sendEmail,
  'notify.webhook': sendWebhook,
  'report.generate': writeReport,
  'dependencies.update': updateDependencies,
};
