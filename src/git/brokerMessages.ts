import type { Call } from './running.ts';

/** What the host tells its broker. */
export type Order =
  | { readonly kind: 'run'; readonly id: number; readonly call: Call }
  | { readonly kind: 'end'; readonly id: number };

/** What the broker tells its host, in this order for each call. */
export type Report =
  /** Sent before the program is: a call without it was certainly not begun. */
  | { readonly kind: 'starting'; readonly id: number }
  | { readonly kind: 'output'; readonly id: number; readonly output: Uint8Array }
  /** With what was not told before. */
  | {
      readonly kind: 'ended';
      readonly id: number;
      readonly code: number;
      readonly output: Uint8Array;
      readonly words: Uint8Array;
    }
  /** With the system's code, empty when it has none. */
  | { readonly kind: 'failed'; readonly id: number; readonly code: string; readonly message: string };
