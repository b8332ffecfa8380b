/**
 * The second try: what of a suite is run once more, alone, and what counts then. It is the whole describe that a failed
 * test or hook stands in, because its tests may tell one story; what they say then replaces what they said before. Pure.
 */
import type { Outcome, Tally } from './outcome.ts';

export type Again = {
  readonly files: readonly string[];
  /** Of the describes; undefined when all of the files is meant. */
  readonly grep?: string | undefined;
};

/** More than this is no bad luck of a busy machine. */
const mostDescribes = 6;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What to run again, or undefined when nothing failed, or too much. */
export function whatAgain({ outcomes }: Tally): Again | undefined {
  const failed = outcomes.filter(({ state, file }) => state === 'failed' && file !== '');
  const describes = new Set(failed.map(({ describe }) => describe));
  if (describes.size === 0 || describes.size > mostDescribes) return undefined;
  const files = [...new Set(failed.map(({ file }) => file))];
  const titles = [...describes].flatMap((describe) => (describe === undefined ? [] : [escaped(describe)]));
  return titles.length === describes.size ? { files, grep: `^(?:${titles.join('|')})(?: |$)` } : { files };
}

/** Whether what failed has passed now: the test itself, or all below a hook, which has no outcome when it works. */
function hasPassed({ file, title, describe }: Outcome, second: readonly Outcome[]): boolean {
  const inFile = second.filter((one) => one.file === file);
  const itself = inFile.filter((one) => one.title === title);
  const below = inFile.filter((one) => describe === undefined || one.title.startsWith(`${describe} `));
  const judged = itself.length > 0 ? itself : below;
  return judged.some(({ state }) => state === 'passed') && judged.every(({ state }) => state !== 'failed');
}

/** Both tries as one. What failed and did not come up again has failed. */
export function withSecond(first: Tally, again: Again, second: Tally): Tally {
  const words = new RegExp(again.grep ?? '');
  const wasAgain = ({ file, title, describe }: Outcome): boolean =>
    again.files.includes(file) && words.test(describe ?? title);
  const failures = first.outcomes.filter((one) => one.state === 'failed' && wasAgain(one));
  const lost = failures.filter(
    (one) =>
      !hasPassed(one, second.outcomes) &&
      !second.outcomes.some(({ file, state }) => file === one.file && state === 'failed'),
  );
  return {
    outcomes: [...first.outcomes.filter((one) => !wasAgain(one)), ...second.outcomes, ...lost],
    seconds: first.seconds,
    underWay: second.underWay,
    unsteady: failures.filter((one) => hasPassed(one, second.outcomes)),
  };
}
