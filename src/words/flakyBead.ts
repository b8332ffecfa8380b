import type { BeadDraft } from '../town/bead.ts';
import type { FlakyTest } from '../town/flaky.ts';
import { plain } from './plain.ts';

/** The bead of a test that failed and passed on one tree, with its history; read by people and by the agent that gets it. */
export function flakyBeadText({
  check,
  test,
  flips,
  lastAt,
  examples,
}: FlakyTest): Pick<BeadDraft, 'title' | 'description' | 'criteria'> {
  const name = plain(check, 40);
  const [title, it] =
    test === null
      ? [`Mend the flaky check ${name}`, 'The check']
      : [`Mend the flaky test “${plain(test, 100)}” of check ${name}`, 'The test'];
  const times = flips === 1 ? 'once' : `${String(flips)} times`;
  return {
    title,
    description: [
      `${it} failed in one run and passed in another of exactly the same files, ${times} so far, the last time at ${new Date(lastAt).toISOString()}.`,
      `The git trees on which it did both: ${examples.map((tree) => plain(tree, 64)).join(', ')}.`,
      'Find what it depends on besides these files: time, order, chance, the network, or what another test leaves behind. Mend that, in the test or in what it tests.',
    ].join('\n\n'),
    criteria: [
      `${it} passes in 20 runs in a row`,
      'No test is skipped, deleted, or weakened so that it proves less',
    ],
  };
}
