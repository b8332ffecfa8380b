import assert from 'node:assert/strict';
import { pullRequestText } from '../../../src/words/pullRequest.ts';
import * as say from '../town/words.ts';

describe('what a pull request says', () => {
  const criterion = 'It says what 1h30 is.';
  const evidence = {
    ...say.evidence(say.commitId(1)),
    summary: 'Thanks @ada, fixes #12: <img src=x> https://evil.example/',
    verdict: {
      ...({ outcome: 'pass', notes: '', provider: 'p', model: 'm', cut: [] } as const),
      criteria: [{ criterion, met: true, why: '', file: null, line: null }],
    },
  };
  const candidate = { commit: say.commitId(2), onto: say.commitId(0), checks: [say.passed], provenAt: 1 };
  const text = pullRequestText({
    bead: {
      id: say.beadId(1),
      title: 'Words for durations',
      criteria: [criterion, 'Nobody looked at this.'],
      evidence,
    },
    request: { branch: 'b', candidate },
    polecat: { name: 'nux', seat: say.seat },
    target: 'main',
  });

  it('is its bead, its criteria with what was found of them, its checks, and who made it', () => {
    assert.equal(text.title, 'Words for durations');
    assert.match(text.body, /- ✓ It says what 1h30 is\./);
    assert.match(text.body, /\n- Nobody looked at this\./);
    assert.match(text.body, /- ✓ test passed/);
    assert.match(text.body, /Bead: gt-00001\n- Agent: nux\n- Model: sonnet/);
  });

  it('calls nobody, closes nothing, and brings no page of anybody along', () => {
    assert.ok(!/@ada|#12|(?<!\\)<img|https:\/\/evil/.test(text.body), text.body);
  });
});
