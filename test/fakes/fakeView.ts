import type { RigHandle } from '../../src/vscode/town.ts';
import type { View } from '../../src/vscode/trees/view.ts';
import { sentence } from '../../src/words/reasons.ts';
import { plainEnglish } from '../../src/words/translate.ts';

/** What views are made from at an instant, in plain English and UTC, without any agents. */
export function fakeView(rigs: readonly RigHandle[], now: number): View {
  return {
    rigs,
    t: plainEnglish,
    now,
    sentence: (why) => sentence(why, plainEnglish, now, 'UTC'),
    clock: (at) => new Date(at).toISOString(),
    agents: { runners: () => [], launchedMode: () => null },
  };
}
