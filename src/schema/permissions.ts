import { z } from 'zod';
import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_PERMISSIONS, type PermissionLayer, type Permissions } from '../domain/permissions.js';
import { glob, pathGlob } from './glob.js';

const globs = z.array(pathGlob).max(200);
const names = z.array(glob).max(200);
const limit = z.int().min(1).nullable();
const never = (why: string) => z.literal(false, { error: `is always false: ${why}` });

/** What an agent may do (R7.5), as far as it is to be other than Baton has it. */
export const permissionLayer: z.ZodType<PermissionLayer> = z.strictObject({
  repositories: z.strictObject({ allowed: names.optional(), denied: names.optional() }).optional(),
  may: z
    .strictObject({
      createBranch: z.boolean().optional(),
      changeCi: z.boolean().optional(),
      deleteBranch: never('no agent deletes a branch').optional(),
      forcePush: never('Baton never pushes with force').optional(),
      mergeToMain: never('what lands on a protected branch is merged by a step, as its policies have it').optional(),
      readSecrets: never('no agent is shown the secrets of a worker').optional(),
    })
    .optional(),
  files: z.strictObject({ never: globs.optional(), approval: globs.optional() }).optional(),
  limits: z.strictObject({ tokensPerTask: limit.optional(), filesPerCommit: limit.optional() }).optional(),
});

/** What of an agent's permissions is other than for every agent. */
export function ownPermissions(permissions: Permissions): PermissionLayer {
  const groups = Object.keys(DEFAULT_PERMISSIONS) as (keyof Permissions)[];
  const own = groups.map((group) => {
    const usual: Readonly<Record<string, unknown>> = DEFAULT_PERMISSIONS[group];
    const said = Object.entries(permissions[group]).filter(([field, value]) => !isDeepStrictEqual(value, usual[field]));
    return [group, Object.fromEntries(said)] as const;
  });
  return Object.fromEntries(own.filter(([, said]) => Object.keys(said).length > 0));
}
