import { createHash } from 'node:crypto';
import type { CheckDefinition } from '../../town/check.ts';

/** Identifies exactly these definitions in this order; whatever would run differently has another hash. */
export function hashChecks(definitions: readonly CheckDefinition[]): string {
  const canonical = definitions.map(({ name, command, args, timeoutMs, env, only }) => [
    ...[name, command, args, timeoutMs],
    // Left out where neither is said: what was confirmed before they existed keeps its hash.
    ...(env === undefined && only === undefined ? [] : [{ env: sortedEntries(env), only }]),
  ]);
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}

function sortedEntries(env: CheckDefinition['env'] = {}): readonly (readonly [string, string])[] {
  return Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
}
