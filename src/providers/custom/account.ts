import { homedir } from 'node:os';
import path from 'node:path';
import type { Vendor } from '../vendor.ts';
import type { Account } from './definition.ts';
import { filled } from './placeholders.ts';

/**
 * A person's further account of a vendor: all that Rigs knows of the vendor's program holds for it, and its runner, and
 * with that its tank, is its own.
 */
export function accountVendor({ name, env }: Pick<Account, 'name' | 'env'>, vendor: Vendor): Vendor {
  const { poll } = vendor;
  // Read anew each time, as the home may be elsewhere by then.
  const own = (): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(env).map(([key, value]) => [key, asRead(value)]));
  return {
    ...vendor,
    runner: name,
    provider: name,
    name,
    section: null,
    start: async (task, how) => {
      const set = own();
      const started = await vendor.start({ ...task, env: { ...set, ...task.env } }, how);
      return { ...started, env: { ...set, ...started.env } };
    },
    ...(poll === undefined
      ? {}
      : { poll: (program, around, signal) => poll(program, { ...around, ...own() }, signal) }),
  };
}

/** No shell reads it, and a folder of this name within the worktree is never meant. */
function asRead(value: string): string {
  const text = filled(value, {});
  return text.startsWith('~/') ? path.join(homedir(), text.slice(2)) : text;
}
