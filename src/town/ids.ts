/** Ids are opaque strings with a kind; the brand makes a mixed-up id a compile error. */
declare const kind: unique symbol;
type Id<K extends string> = string & { readonly [kind]: K };

export type BeadId = Id<'bead'>;
export type ConvoyId = Id<'convoy'>;
export type PolecatId = Id<'polecat'>;
export type RequestId = Id<'request'>;
export type AskId = Id<'ask'>;
/** Of what a person wrote about some lines of a bead's work, and what was answered. */
export type ThreadId = Id<'thread'>;
/** Stays with the repository's state wherever it moves. */
export type RigId = Id<'rig'>;
/** A full git object name, 40 or 64 hex digits. */
export type CommitId = Id<'commit'>;

/** Absolute UTC milliseconds. */
export type Instant = number;
/** Fencing token: grows with every session of the rig; a report under an older one changes nothing. */
export type Token = number;

const base36 = /^[0-9a-z]{5}$/;
const parsed =
  <K extends string>(prefix: string) =>
  (text: string): Id<K> | null =>
    text.startsWith(prefix) && base36.test(text.slice(prefix.length)) ? (text as Id<K>) : null;

export function parseRigId(text: string): RigId | null {
  return /^[a-z0-9]{8,64}$/.test(text) ? (text as RigId) : null;
}

export const parseBeadId: (text: string) => BeadId | null = parsed('gt-');
export const parseConvoyId: (text: string) => ConvoyId | null = parsed('cv-');
export const parseRequestId: (text: string) => RequestId | null = parsed('mr-');
export const parseAskId: (text: string) => AskId | null = parsed('ak-');
export const parseThreadId: (text: string) => ThreadId | null = parsed('rt-');

export function parseCommitId(text: string): CommitId | null {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? (text as CommitId) : null;
}

/** `nux-12`: the polecat's name and the token it was born under, so no id is used twice. */
export function polecatId(name: string, token: Token): PolecatId {
  return `${name}-${String(token)}` as PolecatId;
}

export function parsePolecatId(text: string): PolecatId | null {
  return /^[a-z]+-\d+$/.test(text) ? (text as PolecatId) : null;
}
