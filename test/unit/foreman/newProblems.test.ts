import { deepEqual, equal } from 'node:assert/strict';
import { isSeen, newProblems, seenInBoth } from '../../../src/foreman/checks/newProblems.ts';
import type { SeenFile } from '../../../src/ports/editorProblems.ts';

const file = (name: string, ...messages: readonly string[]): SeenFile => ({
  file: name,
  language: 'typescript',
  problems: messages.map((message, index) => ({
    line: index + 1,
    column: 1,
    message,
    code: '1',
    source: 'ts',
  })),
});
const unseen = (name: string): SeenFile => ({ file: name, language: 'typescript', problems: null });
const fresh = (before: readonly SeenFile[], after: readonly SeenFile[]): readonly string[] =>
  newProblems(before, after).map(({ file: name, message }) => `${name}: ${message}`);

describe('New Problems', () => {
  it('are those that no file had before, wherever they stood', () => {
    deepEqual(fresh([file('a', 'x', 'y')], [file('a', 'y', 'z', 'x')]), ['a: z']);
  });

  it('are also those that one file had before and another has now', () => {
    deepEqual(fresh([file('a', 'x')], [file('b', 'x')]), ['b: x']);
  });

  it('are also those that are there more often than before', () => {
    deepEqual(fresh([file('a', 'x')], [file('a', 'x', 'x', 'x')]), ['a: x', 'a: x']);
  });

  it('are all of a file that was not there', () => {
    deepEqual(fresh([], [file('a', 'x')]), ['a: x']);
  });

  it('are none of a file that nobody looked at before: it counts as not looked at', () => {
    const both = seenInBoth([unseen('a'), file('b')], [file('a', 'x'), file('b', 'y')]);
    deepEqual(fresh([unseen('a'), file('b')], both), ['b: y']);
    equal(isSeen(both), true);
    equal(isSeen(seenInBoth([unseen('a')], [file('a', 'x')])), false);
  });
});
