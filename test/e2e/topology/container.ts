import type { Program } from '../../../src/local/child.js';
import { accepts } from '../../../src/local/temporal-server.js';
import { until } from '../../../src/local/until.js';
import { translate } from './addresses.js';
import type { Service } from './compose-file.js';
import { argvOf, canRun, check, type HealthCheck } from './health.js';
import { adminTools, baton, postgres, temporalServer, type Image } from './images.js';
import { portHereOf, type World } from './world.js';

/** A container as a process of this machine. */
export interface Container extends Program {
  /** Undefined where the compose file has none, or its program is not on this machine. */
  readonly health: HealthCheck | undefined;
}

const IMAGES: Readonly<Record<string, Image>> = {
  postgres,
  baton,
  'temporalio/server': temporalServer,
  'temporalio/admin-tools': adminTools,
};
/** Its server is not to be had as a program, and nobody waits for it. */
const NOT_HERE = ['temporalio/ui'];
const READY_MS = 120_000;

const imageOf = ({ image = 'baton' }: Service): string => image.split(':')[0]!;

export const runsHere = (service: Service): boolean => !NOT_HERE.includes(imageOf(service));

/** A container of a service, with its own name where there are several. */
export async function container(service: Service, name: string, ownName: string, world: World): Promise<Container> {
  const image = IMAGES[imageOf(service)];
  if (!image) throw new Error(`docker-compose.yml: nobody knows how ${service.image ?? name} runs here`);
  const translated = translateService(service, name, world);
  const program = await image(translated, { name, ownName, world });
  const serves = program.ready ?? (({ signal }) => until(() => accepts(portHereOf(world, name)), signal));
  const health = healthOf(translated, { ...world.environment, ...program.env });
  return {
    readyTimeoutMs: READY_MS,
    ...program,
    name: ownName,
    health,
    ready: async (start) => {
      await serves(start);
      if (health) await until(() => check(health), start.signal);
    },
  };
}

function translateService(service: Service, name: string, world: World): Service {
  const here = (text: string) => translate(text, name, world);
  return {
    ...service,
    environment: Object.fromEntries(Object.entries(service.environment).map(([key, text]) => [key, here(text)])),
    ...(service.command && { command: service.command.map(here) }),
    ...(service.healthcheck && { healthcheck: { test: service.healthcheck.test.map(here) } }),
  };
}

function healthOf({ healthcheck }: Service, env: NodeJS.ProcessEnv): HealthCheck | undefined {
  return healthcheck && canRun(healthcheck.test) ? { argv: argvOf(healthcheck.test), env } : undefined;
}
