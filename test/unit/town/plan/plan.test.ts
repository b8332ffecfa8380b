import assert from 'node:assert/strict';
import fc from 'fast-check';
import { beadTypes, priorities } from '../../../../src/town/bead.ts';
import type { BeadId } from '../../../../src/town/ids.ts';
import { type Plan, type PlanBead, hasErrors, planToDrafts } from '../../../../src/town/plan.ts';
import { type ParsedPlan, parsePlan } from '../../../../src/town/plan/parse.ts';
import { printPlan } from '../../../../src/town/plan/print.ts';
import { keyPattern } from '../../../../src/town/plan/syntax.ts';
import { tidyPlan } from '../../../../src/town/plan/tidy.ts';
import { busyMs } from '../../busyMs.ts';

const key = fc.oneof(
  fc.integer({ min: 1, max: 99 }).map(String),
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,12}$/).filter((one) => keyPattern.test(one)),
);

/** Words that mean something in a plan, so that free text runs into them often. */
const trap = fc.constantFrom(
  '## 2 · x',
  '##',
  '\\## y',
  '# Goal',
  'Acceptance:',
  ' acceptance criteria: ',
  '\\\\Acceptance:',
  '<!-- note',
  '-->',
  '- Type: test',
  '- Depends on: 1',
  'Priority: low',
  '```',
  '- [ ] box',
  ' · ',
  '\u0000\u001b[31m',
  '\r',
  '   ',
  'none',
  '`',
);
const free = fc
  .array(fc.oneof(trap, fc.string({ unit: 'grapheme' }), fc.string()), { maxLength: 6 })
  .chain((parts) => fc.constantFrom('\n', '\r\n', ' ').map((glue) => parts.join(glue)));

const bead = (keys: readonly string[], own: string): fc.Arbitrary<PlanBead> =>
  fc.record({
    key: fc.constant(own),
    title: free,
    type: fc.constantFrom(...beadTypes),
    priority: fc.constantFrom(...priorities),
    dependsOn: fc.array(fc.oneof(fc.constantFrom(...keys), key), { maxLength: 4 }),
    touches: fc.array(free, { maxLength: 4 }),
    estimate: fc.option(fc.oneof(fc.integer({ min: -5, max: 2_000_000_000 }), fc.double())),
    provider: fc.option(fc.oneof(key, fc.constantFrom('any', 'claude', 'none'), free)),
    description: free,
    criteria: fc.array(free, { maxLength: 4 }),
  });

const plans: fc.Arbitrary<Plan> = fc.uniqueArray(key, { maxLength: 6 }).chain((keys) =>
  fc.record({
    goal: free,
    beads: fc.tuple(...keys.map((own) => bead(keys, own))),
  }),
);

function plain(parsed: ParsedPlan): Plan {
  const beads = parsed.beads.map(({ at: _at, ...words }) => words);
  return { goal: parsed.goal, beads };
}

function codes(text: string): readonly string[] {
  return parsePlan(text).problems.map((one) => `${String(one.line)} ${one.code}`);
}

/** What a problem underlines. */
function marked(text: string): readonly string[] {
  const lines = text.split('\n');
  return parsePlan(text).problems.map((one) => (lines[one.line] ?? '').slice(one.startColumn, one.endColumn));
}

describe('plan.rigs.md', () => {
  it('reads back exactly the plan that was printed, whatever its words hold', () => {
    fc.assert(
      fc.property(plans, fc.option(free), (plan, note) => {
        assert.deepEqual(plain(parsePlan(printPlan(plan, note))), tidyPlan(plan));
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads the same plan from a file with Windows line ends', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const text = printPlan(plan);
        assert.deepEqual(parsePlan(text.replaceAll('\n', '\r\n')), parsePlan(text));
      }),
    );
  });

  it('finds nothing wrong in a printed plan but what the planner itself got wrong', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const known = new Set(plan.beads.map((one) => one.key));
        const strange = tidyPlan(plan).beads.flatMap((one) => one.dependsOn.filter((to) => !known.has(to)));
        const found = parsePlan(printPlan(plan)).problems;
        assert.equal(found.filter((one) => one.code === 'unknown_dependency').length, strange.length);
        const other = found.filter(
          (one) => !['unknown_dependency', 'cycle', 'empty_title', 'no_beads'].includes(one.code),
        );
        assert.deepEqual(other, []);
      }),
    );
  });

  it('reads any text without throwing, with every problem inside the text', () => {
    fc.assert(
      fc.property(free, (text) => {
        const lines = text.split(/\r\n|[\r\n]/);
        for (const one of parsePlan(text).problems) {
          assert.ok(one.line >= 0 && one.line < lines.length);
          assert.ok(one.startColumn >= 0 && one.startColumn <= one.endColumn);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes time in proportion to its length, also when it is made to hurt', () => {
    const hostile = [
      '<!--\n'.repeat(60_000),
      '## · x\n'.repeat(60_000),
      `## 1 · a\n- Touches: ${'`{,'.repeat(100_000)}`,
      `## 1 · a\n- Depends on: ${'a,'.repeat(100_000)}`,
      `## a\nAcceptance:\n${'- \n x\n'.repeat(60_000)}`,
      `##${' '.repeat(300_000)}x`,
      `## 1${' '.repeat(300_000)}x`,
      '\\'.repeat(300_000),
      `## ${'1'.repeat(300_000)}`,
      Array.from({ length: 20_000 }, (_, n) => `## ${n} · b\n- Depends on: ${n + 1}`).join('\n'),
      '## x\n'.repeat(30_000) + Array.from({ length: 30_000 }, (_, n) => `## ${n} · y\n`).join(''),
    ];
    for (const text of hostile) assert.ok(busyMs(() => parsePlan(text)) < 2_000, text.slice(0, 30));
  }).timeout(30_000);

  it('reads a plan as a person writes it', () => {
    const parsed = parsePlan(`# Make durations readable

Both ways, with tests.

<!-- ask Kim about weeks -->

## parse · Parse durations
- type: Implementation
- Priority: P1
- Touches: src/{parse,units}.js, \`test/a b.js\`
- Estimate: ~12k tokens
- Provider: claude (strong at this)

Accept \`1h 30m\`.

## Not a heading, two words
- first: think
- then: write

\\## This is text

Acceptance criteria:
- [ ] \`1h\` is 3,600,000
* a bullet of another kind,
  on two lines
1. and a number

And a last word.

## 3. Print durations
Depends on: #parse, \`2\`
`);
    assert.deepEqual(parsed.problems, []);
    assert.equal(parsed.goal, 'Make durations readable\n\nBoth ways, with tests.');
    assert.deepEqual(
      parsed.beads.map(({ key: own, title, dependsOn }) => [own, title, dependsOn]),
      [
        ['parse', 'Parse durations', []],
        ['2', 'Not a heading, two words', []],
        ['3', 'Print durations', ['parse', '2']],
      ],
    );
    const [first, second] = parsed.beads;
    assert.deepEqual(first?.touches, ['src/{parse,units}.js', 'test/a b.js']);
    assert.deepEqual(
      [first.type, first.priority, first.estimate, first.provider],
      ['implementation', 'high', 12_000, 'claude'],
    );
    assert.equal(second?.description, '- first: think\n- then: write\n\n## This is text\n\nAnd a last word.');
    assert.deepEqual(second.criteria, [
      '`1h` is 3,600,000',
      'a bullet of another kind, on two lines',
      'and a number',
    ]);
    assert.deepEqual([second.at.line, second.at.endLine], [15, 27]);
  });

  it('says what is wrong at the line and the words it is about', () => {
    const text = `# Goal

## 1 · One
- Type: feature
- Priority: urgent
- Depends on: 2, 9
- Estimate: a lot
- Colour: blue
- Type: test

## 1 · Twice

## 2 ·
- Depends on: 1

## two words · Three
`;
    assert.deepEqual(codes(text), [
      '3 unknown_type',
      '4 unknown_priority',
      '5 cycle',
      '5 unknown_dependency',
      '6 bad_estimate',
      '7 unknown_field',
      '8 duplicate_field',
      '10 duplicate_key',
      '12 empty_title',
      '13 cycle',
      '15 bad_key',
    ]);
    assert.deepEqual(marked(text), [
      'feature',
      'urgent',
      '2, 9',
      '9',
      'a lot',
      'blue',
      'test',
      '1',
      '## 2 ·',
      '1',
      'two words',
    ]);
  });

  it('keeps a misspelt field as part of the description', () => {
    const [bead] = parsePlan('## 1 · a\n- Type: test\n- Priorty: high\n\nText.').beads;
    assert.equal(bead?.description, '- Priorty: high\n\nText.');
    assert.equal(hasErrors(parsePlan('## 1 · a\n- Type: test\n- Priorty: high').problems), false);
  });

  it('says that a plan without beads has none, and that a comment is open instead of losing what follows', () => {
    assert.deepEqual(codes('only words'), ['0 no_beads']);
    assert.deepEqual(codes(''), ['0 no_beads']);
    const text = '# Goal\n<!-- hm\n## 1 · a\n';
    assert.deepEqual(codes(text), ['1 open_comment']);
    assert.equal(parsePlan(text).beads.length, 1);
  });

  it('leaves out beads a person put into a comment', () => {
    const parsed = parsePlan('## 1 · a\n<!--\n## 2 · b\n-->\n## 3 · c\n');
    assert.deepEqual(
      parsed.beads.map((one) => one.key),
      ['1', '3'],
    );
  });

  it('finds a bead that waits for itself', () => {
    assert.deepEqual(codes('## 1 · a\n- Depends on: 1'), ['1 cycle']);
  });

  it('becomes drafts with real ids, dependencies rewritten and never the same id twice', () => {
    const plan = parsePlan('## a · First\n## b · Second\n- Depends on: a, gone\n- Provider: claude\n');
    let at = 0;
    const ids = ['gt-00001', 'gt-00001', 'gt-00002', 'gt-00003'] as readonly string[] as readonly BeadId[];
    const drafts = planToDrafts(
      plan,
      (taken) => {
        let id = ids[at] ?? ('' as BeadId);
        while (taken(id)) {
          at += 1;
          id = ids[at] ?? ('' as BeadId);
        }
        return id;
      },
      (id) => id === 'gt-00002',
    );
    assert.deepEqual(
      drafts.map((one) => [one.bead, one.draft.dependencies, one.draft.preferredProvider]),
      [
        ['gt-00001', [], null],
        ['gt-00003', ['gt-00001'], 'claude'],
      ],
    );
  });
});
