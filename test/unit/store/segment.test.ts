import assert from 'node:assert/strict';
import fc from 'fast-check';
import { StoreError } from '../../../src/ports/store.ts';
import { seal } from '../../../src/store/sealedLine.ts';
import { parseHeader, parseSegment } from '../../../src/store/segment.ts';
import { anyEvents } from '../../fakes/anyEvent.ts';

const header = seal({ schema: 2, segment: 1, after: 0, epoch: 1, previous: 0 });
/** A journal whose transactions were all acknowledged, and one more line that was being written. */
const journals = fc
  .array(anyEvents, { minLength: 1, maxLength: 5 })
  .map((all) => all.map((events, index) => seal({ seq: index + 1, at: 5, events })));
const parse = (bytes: Buffer): ReturnType<typeof parseSegment> =>
  parseSegment(parseHeader('/rig/journal-1.jsonl', 1, bytes));
/** What is wrong with the file, in its first line or behind it. */
function damageOf(bytes: Buffer): StoreError | null {
  try {
    return parse(bytes).damage;
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
}
const sameTransactions = (bytes: Buffer): readonly unknown[] => parse(bytes).transactions;

describe('a file of the journal', () => {
  it('loses nothing acknowledged and applies nothing by halves, wherever a crash cuts the line being written', () => {
    fc.assert(
      fc.property(journals, fc.nat(), (lines, where) => {
        const acknowledged = Buffer.from(header + lines.slice(0, -1).join(''));
        const last = Buffer.from(lines.at(-1) ?? '');
        const kept = where % last.length;
        const segment = parse(Buffer.concat([acknowledged, last.subarray(0, kept)]));
        const whole = kept === last.length - 1;
        assert.equal(segment.last, lines.length - (whole ? 0 : 1));
        assert.deepEqual(segment.torn, kept === 0 || whole ? null : last.subarray(0, kept));
        assert.equal(segment.damage, null);
      }),
    );
  });

  it('is damaged, and says at which number, whichever bit of what was acknowledged flips', () => {
    fc.assert(
      fc.property(journals, fc.nat(), fc.nat(20), (lines, where, torn) => {
        const bytes = Buffer.from(header + lines.join('') + lines.join('').slice(0, torn));
        const bit = where % (Buffer.byteLength(header + lines.join('')) * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const damage = damageOf(bytes);
        assert.equal(damage?.reason, 'damaged');
        assert.ok(damage.path.endsWith('journal-1.jsonl'));
      }),
      { numRuns: 300 },
    );
  });

  it('is damaged when a line is missing, doubled or out of order', () => {
    const line = (seq: number): string => seal({ seq, at: 1, events: [] });
    for (const seqs of [[1, 3], [1, 1], [2, 1], [2]]) {
      const bytes = Buffer.from(header + seqs.map(line).join(''));
      assert.equal(damageOf(bytes)?.reason, 'damaged', seqs.join());
    }
    assert.equal(sameTransactions(Buffer.from(header + line(1) + line(2))).length, 2);
  });

  it('of a newer Rigs is refused as newer, even when nothing else in it can be understood', () => {
    const bytes = Buffer.from(seal({ schema: 3, epoch: 'other' }));
    assert.throws(() => parse(bytes), { name: 'StoreError', reason: 'newer_schema' });
  });

  it('is damaged without its first line', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from(header.slice(0, 20))]) {
      assert.throws(() => parse(bytes), { name: 'StoreError', reason: 'damaged' });
    }
  });
});
