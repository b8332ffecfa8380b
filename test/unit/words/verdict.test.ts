import assert from 'node:assert/strict';
import type { Evidence, Optimized } from '../../../src/town/bead.ts';
import type { Verdict } from '../../../src/town/verdict.ts';
import { optimizedDiff } from '../../../src/words/optimized.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { doubtLines, inspectedLine, judgedLines, verdictText } from '../../../src/words/verdict.ts';

const verdict: Verdict = {
  outcome: 'needs_revision',
  criteria: [
    { criterion: '1h30m is parsed', met: true, why: 'so it is', file: 'src/a.ts', line: 3 },
    { criterion: 'an empty text is refused', met: false, why: 'no\u001b[2J test', file: null, line: null },
  ],
  notes: 'Refuse it.',
  provider: 'ollama',
  model: 'llama3.2:3b',
  cut: [],
};

describe('an inspection in words', () => {
  const lines: readonly (readonly [Pick<Evidence, 'verdict' | 'acceptedAt'>, string])[] = [
    [{ verdict }, 'Inspected by Ollama (llama3.2:3b): 1 of 2 criteria met.'],
    [
      { verdict: { ...verdict, cut: ['a.ts', 'b.ts'] } },
      'Inspected by Ollama (llama3.2:3b): 1 of 2 criteria met; of 2 files it saw only a part.',
    ],
    [{ verdict: null }, 'Not inspected.'],
    [{}, ''],
    [
      { verdict, acceptedAt: 5 },
      'Inspected by Ollama (llama3.2:3b): 1 of 2 criteria met. You let it pass all the same.',
    ],
    [
      { verdict: null, acceptedAt: 5 },
      'Its inspector gave no answer that counts; you let it pass all the same.',
    ],
  ];
  for (const [said, line] of lines) {
    it(`is “${line}”`, () => {
      assert.equal(inspectedLine(said, plainEnglish), line);
    });
  }

  it('has a line for each criterion', () => {
    assert.deepEqual(judgedLines(verdict), [
      '✓ 1h30m is parsed: so it is (src/a.ts:3)',
      '✗ an empty text is refused: no test',
      'Refuse it.',
    ]);
  });

  it('is told to a person who decides with every criterion and its place', () => {
    assert.deepEqual(doubtLines({ verdict }, plainEnglish), [
      'Inspected by Ollama (llama3.2:3b): 1 of 2 criteria met.',
      ...judgedLines(verdict),
    ]);
    assert.deepEqual(doubtLines({ verdict: null }, plainEnglish), [
      'Its inspector gave no answer that counts.',
    ]);
  });

  it('tells its agent first what is not met', () => {
    assert.equal(
      verdictText(verdict),
      'Not met:\n- an empty text is refused: no test\n\nMet:\n- 1h30m is parsed: so it is (src/a.ts:3)\n\nNotes:\nRefuse it.',
    );
  });
});

describe('other words for a task', () => {
  const optimized: Optimized = {
    prompt: 'Parse it.',
    changes: ['shorter'],
    dropped: [],
    provider: 'p',
    model: 'm',
    accepted: null,
  };
  const bead = { title: 'Parse', description: 'Please parse it.' };
  const states: readonly (readonly [Partial<Optimized>, RegExp])[] = [
    [{}, /^Worded by p \(m\); its agent gets these words\.$/],
    [{ dropped: ['Never log it.'] }, /its agent gets the original, because this is gone: Never log it\./],
    [{ accepted: true }, /^You accepted/],
    [{ accepted: false }, /^You went back/],
  ];
  for (const [more, state] of states) {
    it(`stand beside the original: ${state.source}`, () => {
      const diff = optimizedDiff({ ...bead, optimized: { ...optimized, ...more } }, plainEnglish);
      assert.deepEqual([diff?.original, diff?.worded], ['Please parse it.', 'Parse it.']);
      assert.match(diff?.state ?? '', state);
    });
  }

  it('are none where nobody found any', () => {
    assert.equal(optimizedDiff(bead, plainEnglish), null);
  });
});
