import { findHostTools, TOOLCHAINS_VARIABLE } from '../sandbox/toolchains/host-tools.js';

/** The tool chains that sandboxes of this host see, and the folders of its PATH that they do not, as people read them. */
export function hostToolsHere(env: NodeJS.ProcessEnv): { readonly shown: string; readonly hidden: readonly string[] } {
  const { toolchains, refused } = findHostTools(env);
  const found = toolchains.map(({ name, paths }) => `${name} (${paths.join(', ')})`);
  return {
    shown: ['those of /usr', ...found].join('; '),
    hidden: refused.map(
      ({ folder, why }) =>
        `${folder} of the PATH: ${why}. Move its programs elsewhere, or name the folders of the PATH to show in ${TOOLCHAINS_VARIABLE}.`,
    ),
  };
}
