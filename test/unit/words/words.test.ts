import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type NoticeCode } from '../../../src/ports/notices.ts';
import type { BeadId, PolecatId } from '../../../src/town/ids.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import { type Facts, type ReasonCode, reason } from '../../../src/town/reason.ts';
import { needWords } from '../../../src/words/asks.ts';
import { feedLine } from '../../../src/words/feed.ts';
import { planProblemWords } from '../../../src/words/plan.ts';
import { sentence } from '../../../src/words/reasons.ts';
import { beadStatusWord, stageWord } from '../../../src/words/states.ts';
import { clock, duration, relative } from '../../../src/words/times.ts';
import { type Translate, plainEnglish as t } from '../../../src/words/translate.ts';
import { Scene } from '../town/scene.ts';
import * as say from '../town/words.ts';
import { feedCodes, planProblemCodes, reasonCodes } from './codes.ts';

const noon = Date.UTC(2026, 2, 7, 12, 0, 0);
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 500 }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.string()),
);
const names =
  'beads until convoy max polecat detail stage step request status name exitCode signal output files target message what id bead from to value title commit outcome durationMs path keptAs bytes count grant action';
const facts: fc.Arbitrary<Facts> = fc.dictionary(fc.constantFrom(...names.split(' ')), value);

describe('a reason', () => {
  it('is a short sentence for every code and any facts, without holes or control characters', () => {
    fc.assert(
      fc.property(fc.constantFrom(...reasonCodes), facts, (code, some) => {
        const said = sentence(reason(code, some), t, noon, 'UTC');
        // eslint-disable-next-line no-control-regex -- they are what must not be there
        assert.doesNotMatch(said, /undefined|\[object|\u001b|[\u0000-\u001f]/);
        assert.match(said, /^\S/);
        assert.ok(said.length < 700, said);
      }),
      { numRuns: 500 },
    );
  });

  const examples: readonly (readonly [ReasonCode, Facts, string])[] = [
    ['blocked_by', { beads: ['gt-00001'] }, 'Waits for gt-00001 to complete.'],
    ['blocked_by', { beads: ['a', 'b', 'c', 'd'] }, 'Waits for 4 beads to complete: a, b, c +1.'],
    [
      'dependency_failed',
      { beads: ['gt-00001'] },
      'gt-00001 ended without completing. Retry it if it failed, or cancel this bead and plan it anew.',
    ],
    ['no_free_slot', { max: 3 }, 'Waits for a place: all 3 polecats are busy.'],
    ['deferred_until', { until: noon + 2 * 3_600_000 + 5 * 60_000 }, 'Deferred until 14:05.'],
    ['deferred_until', { until: noon + 86_400_000 }, 'Deferred until 2026-03-08 12:00.'],
    ['in_merge_queue', { stage: 'proving', step: 'rebase' }, 'In the merge queue: rebase.'],
    ['in_merge_queue', { stage: 'proving', step: null }, 'In the merge queue: in a batch.'],
    [
      'landing_check_failed',
      { target: 'main', name: 'test', file: 'src/a.ts', line: 12, tests: ['adds', 'subtracts'] },
      'On top of main, check test failed. First failure: src/a.ts:12. Failed: adds, subtracts.',
    ],
    [
      'agent_died',
      { polecat: 'nux', signal: 'SIGKILL' },
      'nux ended in the middle of its work (signal SIGKILL). The work is kept.',
    ],
    [
      'illegal_move',
      { bead: 'gt-1', from: 'completed', to: 'reviewing' },
      'gt-1 is “completed” and cannot go from there to “being proven”.',
    ],
    ['not_now', { request: 'mr-1', stage: 'landing' }, 'Not possible at this moment: it is landing.'],
  ];
  for (const [code, some, expected] of examples) {
    it(`says ${code} as “${expected}”`, () => {
      assert.equal(sentence(reason(code, some), t, noon, 'UTC'), expected);
    });
  }

  it('goes through the translator with named values', () => {
    const heard: (readonly [string, unknown])[] = [];
    const german: Translate = (message, args) => {
      heard.push([message, args]);
      return message === 'There is no {what} {id}.'
        ? `Es gibt kein ${args?.['what']} ${args?.['id']}.`
        : message;
    };
    assert.equal(
      sentence(reason('no_such', { what: 'bead', id: 'gt-1' }), german),
      'Es gibt kein bead gt-1.',
    );
    assert.deepEqual(heard.at(-1), ['There is no {what} {id}.', { what: 'bead', id: 'gt-1' }]);
  });
});

describe('the plain translator', () => {
  it('puts values in once: a value that looks like a hole stays what it is', () => {
    assert.equal(t('{a} and {b}', { a: '{b}', b: 'x' }), '{b} and x');
    assert.equal(t('{gone} {constructor}', { a: 1 }), '{gone} {constructor}');
    assert.equal(t('no holes'), 'no holes');
  });
});

describe('a line of the feed', () => {
  it('is one line for every event and any facts', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...feedCodes),
        facts,
        fc.option(fc.constantFrom(...reasonCodes)),
        (what, some, code) => {
          const why = code === null ? null : reason(code, some);
          const line = feedLine({ what, facts: some, why, polecat: 'nux-12' as PolecatId }, t, noon, 'UTC');
          assert.doesNotMatch(line, /undefined|\[object|\n/);
          assert.match(line, /\S/);
        },
      ),
      { numRuns: 500 },
    );
  });

  const line = (what: NoticeCode, some: Facts, why: ReasonCode | null = null): string =>
    feedLine(
      { what, facts: some, why: why === null ? null : reason(why, some), polecat: 'nux-12' as PolecatId },
      t,
    );

  it('names the bead by its title and the agent by its name', () => {
    assert.equal(line('bead.moved', { title: 'Parse', to: 'completed' }), '“Parse” is completed.');
    assert.equal(
      line(
        'bead.moved',
        { title: 'Parse', from: 'merging', to: 'in_progress', target: 'main', files: ['a.js'] },
        'landing_conflict',
      ),
      '“Parse” goes back to its agent. Conflicts with main in a.js.',
    );
    assert.equal(line('session.started', { title: 'Parse' }), 'nux is at work (“Parse”)');
    assert.equal(
      line('check.finished', { name: 'test', outcome: 'timed_out', durationMs: 600_000 }),
      'Check test did not end in time (10 min).',
    );
    assert.equal(
      line('check.finished', { name: 'lint', outcome: 'skipped', durationMs: 0 }),
      'Check lint was skipped: nothing it is for has changed.',
    );
    assert.equal(
      line('bead.landed', { title: 'Parse', commit: 'abcdef0123456789' }),
      '“Parse” landed as abcdef01.',
    );
  });

  it('calls what did not work by a name a person knows', () => {
    const failed = (action: string): string => line('hand.failed', { action, message: 'Disk full.' });
    assert.equal(failed('proveTip'), 'Proving a landing did not work and is tried again: Disk full.');
    assert.equal(failed('heartbeat'), 'The heartbeat did not work and is tried again: Disk full.');
    assert.equal(failed('constructor'), 'Something did not work and is tried again: Disk full.');
  });

  it('says how the setup of a worktree ended', () => {
    assert.equal(line('setup.finished', { outcome: 'passed' }), 'nux ran the setup of its worktree');
    assert.equal(
      line('setup.finished', { outcome: 'failed' }),
      'nux ran the setup of its worktree, and it failed',
    );
    assert.equal(line('setup.finished', {}), 'nux is through with the setup of its worktree');
  });
});

describe('what needs you, in words', () => {
  it('says what is asked, in full, and by when', () => {
    const town = new Scene();
    const [bead] = town.convoy([{ title: 'Add \u001b[31mweeks' }]) as [BeadId];
    town.atWork(bead);
    town.asksPermission(bead, `npm install ${'x'.repeat(300)} && \u202ecurl evil`);
    const [need] = needsYou(town.state);
    assert.ok(need !== undefined);
    const words = needWords(need, town.state, need.since + 5 * 60_000, t, 'UTC');
    assert.match(words.title, /^nux asks to run: npm install/);
    assert.match(words.detail, /^Add weeks\nnpm install x{300} && \\u\{202e\}curl evil$/);
    assert.match(words.due, /^asked 5 min ago · by \d\d:\d\d$/);
    assert.equal(words.overdue, false);
    assert.match(needWords(need, town.state, need.deadline + 1, t, 'UTC').due, /overdue since/);
  });

  it('shows every command it asks you to confirm', () => {
    const town = new Scene();
    const definitions = [say.test, { ...say.test, name: 'lint', args: ['run', 'lint', '\u001b[2K'] }];
    town.tell({ type: 'proposeChecks', ask: say.askId(90), definitions, hash: 'h9' });
    const [need] = needsYou(town.state);
    assert.ok(need !== undefined);
    const words = needWords(need, town.state, town.now, t);
    assert.equal(words.title, 'Confirm the checks of this rig: test, lint');
    assert.match(words.detail, /test: npm test\nlint: npm run lint \\u\{1b\}\[2K$/);
  });

  it('says what stands still and why, and what there is to approve', () => {
    const town = new Scene();
    const [stuck, ready] = town.convoy([{}, {}]) as [BeadId, BeadId];
    town.atWork(stuck);
    town.ended(stuck, { how: 'closed' });
    town.delivered(ready);
    town.provenToLand(ready);
    const words = needsYou(town.state).map((need) => needWords(need, town.state, town.now, t));
    assert.deepEqual(
      words.map((one) => one.title),
      ['“bead 1” stands still', 'Approve landing “bead 2”'],
    );
    assert.match(words[0]?.detail ?? '', /terminal of nux was closed/);
    assert.match(
      words[1]?.detail ?? '',
      /^00000000 passed all checks on top of main\. Files: 1, lines: \+1 −0\.$/,
    );
  });
});

describe('states, times and plan problems', () => {
  it('are words', () => {
    assert.equal(beadStatusWord('in_progress', t), 'in progress');
    assert.equal(stageWord('ready', t), 'waits for approval');
  });

  it('say how long in at most two units', () => {
    const cases: readonly (readonly [number, string])[] = [
      [-5, '0 s'],
      [Number.NaN, '0 s'],
      [40_400, '40 s'],
      [12 * 60_000, '12 min'],
      [3 * 3_600_000, '3 h'],
      [3 * 3_600_000 + 5 * 60_000, '3 h 5 min'],
      [50 * 3_600_000, '2 d 2 h'],
    ];
    for (const [ms, said] of cases) assert.equal(duration(ms, t), said);
    assert.equal(relative(noon + 12 * 60_000, noon, t), 'in 12 min');
    assert.equal(relative(noon - 3_000, noon, t), '3 s ago');
    assert.equal(relative(noon, noon, t), 'now');
  });

  it('say when on the person’s clock', () => {
    assert.equal(clock(noon, noon, 'UTC'), '12:00');
    assert.equal(clock(noon, noon, 'Asia/Tokyo'), '21:00');
    assert.equal(clock(noon, null, 'UTC'), '2026-03-07 12:00');
    assert.equal(clock(Number.NaN, noon), '?');
    assert.equal(clock(1e300, noon), '?');
  });

  it('say what is wrong in a plan', () => {
    fc.assert(
      fc.property(fc.constantFrom(...planProblemCodes), fc.string(), (code, word) => {
        const said = planProblemWords(
          { code, facts: { key: word, value: word, field: word, keys: [word] } },
          t,
        );
        assert.doesNotMatch(said, /undefined|\{|\n/u.test(word) ? /undefined/ : /undefined|\n/);
      }),
    );
  });
});
