import type { Caller } from '../ports/desk.ts';

/** The session something is about, without what else is said of it: what wishes, tokens and the journal know it by. */
export function callerOf({ polecat, token }: Caller): Caller {
  return { polecat, token };
}

/** The same as a text. */
export function callerKey({ polecat, token }: Caller): string {
  return `${polecat} ${String(token)}`;
}
