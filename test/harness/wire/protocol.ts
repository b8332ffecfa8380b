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
}
