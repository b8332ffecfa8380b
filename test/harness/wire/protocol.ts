import type { Json } from './json.ts';
import type { Seen, Speech, Usage, WireVendor } from './turn.ts';

/** What is said, with all that an answer needs besides. */
export interface Utterance extends Required<Speech> {
  readonly model: string;
  readonly usage: Usage;
  /** Unique among all answers of a server. */
  readonly id: string;
}

/** One server-sent event. */
export interface Frame {
  readonly event?: string;
  readonly data: object;
}

/** One vendor's wire protocol. */
export interface Protocol {
  readonly vendor: WireVendor;
  readonly see: (body: Json, path: string) => Seen;
  /** The answer to who asked for no stream. */
  readonly whole: (utterance: Utterance) => object;
  readonly frames: (utterance: Utterance) => readonly Frame[];
  readonly failure: (status: number) => object;
  /** Its streams are one JSON a line, not server-sent events. */
  readonly lines?: true;
  /** What comes after the last frame. */
  readonly end?: string;
}
