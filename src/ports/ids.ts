import type { AskId, BeadId, ConvoyId, RequestId, ThreadId } from '../town/ids.ts';

/** Draws of new ids; 5 random base36 digits, never one that `taken` says is in use. */
export interface Ids {
  bead(taken: (id: BeadId) => boolean): BeadId;
  convoy(): ConvoyId;
  request(): RequestId;
  ask(): AskId;
  thread(): ThreadId;
  /** 32 random bytes as base64url, for tokens. */
  secret(): string;
}
