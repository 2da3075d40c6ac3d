import { join } from 'node:path';
import { BUILT_IN_AGENTS } from '../domain/catalogue.js';
import { PACKAGE_ROOT } from './package-root.js';

/** Those that come with this version. */
export const shippedAgents = (): string[] => BUILT_IN_AGENTS.map(({ name }) => name);

/** Where the definition of a built-in agent lies. */
export const builtInAgentFile = (name: string): string => join(PACKAGE_ROOT, 'templates/agents', `${name}.yaml`);
