import { deepEqual, match, ok } from 'node:assert/strict';
import type { Candidate, SeatOut } from '../../../src/town/candidate.ts';
import type { Explanation } from '../../../src/town/explain.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { reason } from '../../../src/town/reason.ts';
import { explanationLines, startWords } from '../../../src/words/explanation.ts';
import { sentence } from '../../../src/words/reasons.ts';
import { plainEnglish as t } from '../../../src/words/translate.ts';

describe('why a bead starts where it does', () => {
  const telling = {
    t,
    clock: (at: number) => `at ${String(at)}`,
    sentence: (why: Parameters<typeof sentence>[0]) => sentence(why, t),
  };
  const seat = { runner: 'codex', provider: 'codex', tank: 'codex', model: '' };
  const candidate = (out: SeatOut | null = null): Candidate => ({
    ...{ seat, affinity: 0.7, headroom: 0.62, gauge: '5h', success: 0.8, price: 0, score: 0.35 },
    ...{ level: 'green', need: { tokens: 60_000, requests: 26, usd: null, ms: 520_000 }, out },
  });
  const explained = (more: Partial<Explanation>): Explanation => ({
    ...{ bead: 'gt-00001' as BeadId, at: 0, strategy: 'balanced', candidates: [candidate()] },
    ...{ rule: 'best', seat, wait: null, from: null, place: 0, ...more },
  });
  const said = (more: Partial<Explanation>): string => explanationLines(explained(more), telling).join('\n');

  it('is said with the rule, what it needs, and the figures of every seat', () => {
    const text = said({});
    match(text, /Decided: The best score of the seats that can carry it\./);
    match(text, /60,000 tokens, 26 requests, 8 min/);
    match(
      text,
      /Score: 0\.35 = suits this type 0\.70 × would be left 0\.62 \(5-hour window\) × passed before 0\.80/,
    );
    match(text, /Now: may be taken/);
    deepEqual(startWords('Parse', explained({}), t), 'Parse → Codex (62% left)');
  });

  it('is said of a bead that waits with what it waits for, and until when', () => {
    const shortage = { kind: 'dry', tank: 'codex', gauge: '5h', from: 77 } as const;
    const text = said({
      ...{ rule: 'fuel', seat: null, wait: reason('no_seat'), from: 77 },
      candidates: [candidate({ kind: 'shortage', shortage })],
    });
    match(text, /Earliest: at 77/);
    match(text, /not: 5-hour window: would run dry, until at 77/);
  });

  it('never shows what a provider is called as anything but text', () => {
    const hostile = { ...candidate(), seat: { ...seat, provider: 'x\n# Heading\u202e' } };
    const text = said({ candidates: [hostile] });
    ok(!text.includes('\n# Heading') && !text.includes('\u202e'));
  });
});
