/**
 * Makes everything in `src/` that reaches for the operating system reach for the simulated machine instead. To be
 * imported, for its effect, before anything of `src/`.
 *
 * Not a matter of ports alone: a file operation that somebody adds tomorrow without thinking of the simulator is
 * simulated too, or fails to link.
 */
import { registerHooks } from 'node:module';

const stands: Readonly<Record<string, string>> = {
  'node:fs': './system/fs.ts',
  'node:fs/promises': './system/fsPromises.ts',
  'node:crypto': './system/crypto.ts',
};
/** sql.js reads its own wasm file. */
const exempt = '/src/store/sqlite.ts';

registerHooks({
  resolve(specifier, context, next) {
    const from = context.parentURL ?? '';
    if (!from.includes('/src/') || from.includes('/node_modules/') || from.endsWith(exempt))
      return next(specifier, context);
    const instead = stands[specifier];
    return next(instead === undefined ? specifier : new URL(instead, import.meta.url).href, context);
  },
});
