import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hidesSealedLine, seal, unseal } from '../../../src/store/sealedLine.ts';

const value = fc.record({ seq: fc.nat(), text: fc.string({ unit: 'binary' }) }, { noNullPrototype: true });

describe('a sealed line', () => {
  it('is one line and gives back what was sealed, whatever text it holds', () => {
    fc.assert(
      fc.property(value, (one) => {
        const line = Buffer.from(seal(one));
        assert.equal(line.indexOf('\n'), line.length - 1);
        const { crc: _crc, ...found } = JSON.parse(line.toString()) as Record<string, unknown>;
        assert.deepEqual(unseal(line.subarray(0, -1)), found);
        // What JSON cannot hold (a lone surrogate is escaped, so it can) would show here.
        assert.deepEqual(found, one);
      }),
    );
  });

  it('is broken by any single bit that flips in it', () => {
    const line = Buffer.from(seal({ seq: 7, text: 'a "quoted" ✓' })).subarray(0, -1);
    for (let bit = 0; bit < line.length * 8; bit += 1) {
      const changed = Buffer.from(line);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(unseal(changed), undefined, `bit ${String(bit)}`);
    }
  });

  it('is broken when it is cut anywhere', () => {
    const line = Buffer.from(seal({ seq: 7, text: 'something' })).subarray(0, -1);
    for (let end = 0; end < line.length; end += 1) assert.equal(unseal(line.subarray(0, end)), undefined);
  });

  it('is found when it runs into what follows it', () => {
    const line = seal({ seq: 7 }).trimEnd();
    assert.equal(hidesSealedLine(Buffer.from(`${line}X{"seq":8,`)), true);
    assert.equal(hidesSealedLine(Buffer.from(line.slice(0, -1))), false);
    assert.equal(hidesSealedLine(Buffer.from(line)), false);
  });
});
