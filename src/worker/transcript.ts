import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Purpose } from '../town/polecat.ts';
import type { Usage } from '../town/bead.ts';

/** What happens in a session, as it is shown in the terminal and kept as one line of JSON each. */
export type Happening =
  | {
      readonly kind: 'begin';
      readonly bead: string;
      readonly title: string;
      readonly agent: string;
      readonly provider: string;
      readonly model: string;
      readonly branch: string;
      readonly purpose: Purpose;
    }
  | { readonly kind: 'step'; readonly number: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool'; readonly name: string; readonly about: string }
  | { readonly kind: 'result'; readonly ok: boolean; readonly lines: readonly string[] }
  | { readonly kind: 'tokens'; readonly answer: Usage; readonly session: Usage }
  | { readonly kind: 'typed'; readonly text: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'end'; readonly text: string; readonly exitCode: number };

export type Show = (happening: Happening) => void;

/**
 * Appends what happens to the session's transcript. Throws when it cannot; appended at once, so that a killed worker
 * leaves everything up to its last moment.
 */
export function openTranscript(file: string, now: () => number): Show {
  mkdirSync(path.dirname(file), { recursive: true });
  return (happening) => {
    appendFileSync(file, `${JSON.stringify({ at: now(), ...happening })}\n`);
  };
}
