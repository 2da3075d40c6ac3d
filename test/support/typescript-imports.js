import { registerHooks } from 'node:module';

/**
 * Jest hands its global set-up to Node itself, which strips types but does not know that `./x.js` is written in
 * `./x.ts` here. Imported for its effect, before anything of ours.
 */
registerHooks({
  resolve(specifier, context, nextResolve) {
    const isOurs =
      specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts') === true;
    return nextResolve(isOurs ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
