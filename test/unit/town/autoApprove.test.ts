import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Approvable,
  type ApprovalRule,
  approvingRule,
  authorsOf,
  isText,
} from '../../../src/town/autoApprove.ts';
import { beadTypes } from '../../../src/town/bead.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { matchesPath } from '../../../src/town/pathGlob.ts';
import { Scene } from './scene.ts';
import * as say from './words.ts';

const work: Approvable = {
  bead: { type: 'documentation', labels: ['docs'], source: { kind: 'goal' } },
  evidence: { files: ['docs/a.md', 'docs/b/c.md'], insertions: 10, deletions: 5 },
  authors: ['claude'],
  isText: true,
};
const allows = (rule: Omit<ApprovalRule, 'number'>, more: Partial<Approvable> = {}): boolean =>
  approvingRule([{ ...rule, number: 1 }], { ...work, ...more }) === 1;

describe('A rule that approves', () => {
  it('says yes only where every part of it fits', () => {
    const whole = {
      paths: ['docs/**'],
      maxLines: 15,
      types: ['documentation' as const],
      providers: ['claude'],
      labels: ['docs', 'other'],
    };
    assert.ok(allows(whole));
    const broken: readonly Omit<ApprovalRule, 'number'>[] = [
      { ...whole, paths: ['docs/*.md'] },
      { ...whole, maxLines: 14 },
      { ...whole, types: ['test'] },
      { ...whole, providers: ['codex'] },
      { ...whole, labels: ['other'] },
    ];
    for (const rule of broken) assert.equal(allows(rule), false, JSON.stringify(rule));
  });

  it('is the first of those that fit, by its own number', () => {
    const rules = [
      { number: 1, maxLines: 1 },
      { number: 3, maxLines: 100 },
      { number: 4, paths: ['docs'] },
    ];
    assert.equal(approvingRule(rules, work), 3);
    assert.equal(approvingRule([], work), null);
  });

  it('approves nothing without a part, and not by what else it allows', () => {
    assert.equal(allows({}), false);
    assert.equal(allows({ checks: true }), false);
  });

  it('leaves what decides checks to a person unless it says so itself', () => {
    const evidence = { ...work.evidence, decides: ['docs/package.json'] };
    assert.equal(allows({ maxLines: 50 }, { evidence }), false);
    assert.ok(allows({ maxLines: 50, checks: true }, { evidence }));
  });

  it('does not take the word of an agent that split the bead off', () => {
    const bead = { ...work.bead, source: { kind: 'agent' as const, bead: say.beadId(1) } };
    assert.equal(allows({ types: ['documentation'] }, { bead }), false);
    assert.equal(allows({ labels: ['docs'] }, { bead }), false);
    assert.ok(allows({ paths: ['docs'] }, { bead }));
  });

  it('knows no number of lines of what is no text, and no author where several worked', () => {
    assert.equal(allows({ maxLines: 100 }, { isText: false }), false);
    assert.equal(allows({ providers: ['claude'] }, { authors: ['claude', 'codex'] }), false);
    assert.ok(allows({ providers: ['codex', 'claude'] }, { authors: ['claude', 'codex'] }));
    assert.equal(isText('diff --git a/x b/x\nBinary files a/x and b/x differ\n'), false);
    assert.equal(isText('+one\n... cut here: the diff is longer than 4 bytes\n'), false);
    assert.ok(isText('diff --git a/x b/x\n+Binary files a/x and b/x differ\n'));
  });

  it('never approves what breaks a part, whatever it is', () => {
    const file = fc.constantFrom('docs/a.md', 'docs/b/c.md', 'src/a.ts', 'a.md', 'docs', 'docsx/a.md');
    const some = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 3 });
    const meant: Readonly<Record<string, RegExp>> = {
      docs: /^docs(\/|$)/,
      'docs/**': /^docs\//,
      '**/*.md': /\.md$/,
      'src/*': /^src\/[^/]*$/,
      '*.md': /^[^/]*\.md$/,
      '**': /./,
      'docs/?.md': /^docs\/[^/]\.md$/,
    };
    const glob = fc.constantFrom(...Object.keys(meant));
    const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
    const type = fc.constantFrom(...beadTypes);
    const name = fc.constantFrom('claude', 'codex', 'gemini');
    const rule = fc.record({
      paths: maybe(some(glob)),
      maxLines: maybe(fc.nat(20)),
      types: maybe(some(type)),
      providers: maybe(some(name)),
      labels: maybe(some(name)),
      checks: maybe(fc.constant(true as const)),
    });
    const any = fc.record({
      ...{ files: fc.array(file, { maxLength: 3 }), lines: fc.nat(30), type, isText: fc.boolean() },
      ...{ labels: fc.array(name, { maxLength: 2 }), authors: some(name), decides: fc.boolean() },
    });
    let approved = 0;
    fc.assert(
      fc.property(rule, any, (parts, { files, lines, type: is, labels, authors, decides, isText: text }) => {
        const given = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
        const found = approvingRule([{ ...given, number: 1 }], {
          bead: { type: is, labels, source: { kind: 'goal' } },
          evidence: {
            ...{ files, insertions: lines, deletions: 0 },
            ...(decides ? { decides: ['package.json'] } : {}),
          },
          ...{ authors, isText: text },
        });
        const fits =
          Object.keys(given).some((part) => part !== 'checks') &&
          (parts.paths === undefined ||
            (files.length > 0 &&
              files.every((one) => parts.paths?.some((path) => meant[path]?.test(one))))) &&
          (parts.maxLines === undefined || (text && lines <= parts.maxLines)) &&
          (parts.types === undefined || parts.types.includes(is)) &&
          (parts.providers === undefined || authors.every((one) => parts.providers?.includes(one))) &&
          (parts.labels === undefined || labels.some((one) => parts.labels?.includes(one))) &&
          (!decides || parts.checks === true);
        assert.equal(found, fits ? 1 : null);
        if (fits) approved += 1;
      }),
      { numRuns: 3_000, seed: 7 },
    );
    assert.ok(approved > 20, String(approved));
  });
});

describe('Files that a rule is for', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['docs', ['docs', 'docs/a', 'docs/b/c'], ['docsx', 'x/docs', 'Docs/a']],
    ['docs/**', ['docs/a', 'docs/b/c', 'docs/.x'], ['docs', 'x/docs/a']],
    ['**/*.md', ['a.md', 'x/a.md', 'x/y/a.md'], ['a.mdx', 'md', 'x/a.md/b']],
    ['*.md', ['a.md', '.md'], ['x/a.md']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/x/bc']],
    ['a?c*', ['abc', 'abcd'], ['ac', 'a/c']],
    ['**', ['a', 'a/b'], []],
    ['pages/[id].ts', ['pages/[id].ts'], ['pages/i.ts']],
  ];
  for (const [glob, good, bad] of cases)
    it(`are those of ${glob}`, () => {
      for (const file of good) assert.ok(matchesPath(glob, file), file);
      for (const file of bad) assert.equal(matchesPath(glob, file), false, file);
    });

  it('are told soon, also by a glob made to be slow', () => {
    const glob = Array.from({ length: 30 }, () => '**/*a*a*a*b').join('/');
    const began = performance.now();
    assert.equal(matchesPath(glob, `${'aaaaaaaaaaaaaaa/'.repeat(60)}x`), false);
    assert.ok(performance.now() - began < 2_000);
  });
});

describe('What a rule said yes to', () => {
  const rule = 2;

  it('lands without a person, and says by which rule', () => {
    const town = new Scene();
    const [bead] = town.convoy([{}]) as [BeadId];
    town.atWork(bead);
    town.saysDone(bead);
    town.proven(bead, say.commitId(10), {}, rule);
    assert.deepEqual([town.request(bead).approval, town.request(bead).rule], ['rule', 2]);
    town.ended(bead, { code: 0 });
    town.land(bead);
    assert.equal(town.bead(bead).status, 'completed');
  });

  it('counts as its convoy’s where that lands by itself', () => {
    const town = new Scene();
    const [bead, other] = town.convoy([{}, {}], 'auto') as [BeadId, BeadId];
    for (const one of [bead, other]) town.atWork(one);
    for (const one of [bead, other]) town.saysDone(one);
    town.proven(bead, say.commitId(10), {}, rule);
    town.proven(other, say.commitId(11), { decides: ['package.json'] }, rule);
    assert.deepEqual([town.request(bead).approval, town.request(bead).rule], ['convoy', undefined]);
    assert.equal(town.request(other).approval, 'rule');
  });

  it('was made by everybody whose session worked on it', () => {
    const town = new Scene();
    const [bead] = town.convoy([{}]) as [BeadId];
    town.atWork(bead);
    assert.deepEqual(authorsOf(town.polecat(bead)), ['claude']);
    town.ended(bead, { code: 1 });
    town.seats = [say.otherSeat];
    town.atWork(bead);
    assert.deepEqual(authorsOf(town.polecat(bead)), ['claude', 'rehearsal']);
  });
});
