import { createHash } from 'node:crypto';
import { plain } from '../../words/plain.ts';
import type { Translate } from '../../words/translate.ts';
import { maxName, maxText } from '../messages/fields.ts';
import { type OpenRig, rigKey } from '../subject.ts';
import type { RigHandle, Town } from '../town.ts';

/** An open rig with the key a webview knows it by. */
export interface KeyedRig {
  readonly key: string;
  readonly name: string;
  readonly rig: OpenRig;
}

/** Stands for a rig in messages; stable over reloads, so that a page's selection finds it again. */
export function webviewKey(rig: RigHandle): string {
  return createHash('sha256').update(rigKey(rig)).digest('hex').slice(0, 12);
}

export function openRigs(town: Town): readonly KeyedRig[] {
  return town.rigs.flatMap((rig) =>
    rig.kind === 'open' ? [{ key: webviewKey(rig), name: plain(rig.name, maxName), rig }] : [],
  );
}

export function findRig(town: Town, key: string): KeyedRig | null {
  return openRigs(town).find((one) => one.key === key) ?? null;
}

/** Rigs that cannot be shown, each with why. */
export function closedNotes(town: Town, translate: Translate): readonly string[] {
  return town.rigs
    .flatMap((rig) =>
      rig.kind === 'closed'
        ? [
            plain(
              translate('{rig} is not open here: {problem}', { rig: rig.name, problem: rig.problem }),
              maxText,
            ),
          ]
        : [],
    )
    .slice(0, 10);
}
