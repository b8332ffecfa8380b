import { equal } from 'node:assert/strict';
import { findByProcess } from '../../../src/vscode/findByProcess.ts';

interface Terminal {
  readonly processId: Promise<number | undefined>;
}

const never: Terminal = { processId: new Promise(() => undefined) };
const of = (pid: number): Terminal => ({ processId: Promise.resolve(pid) });

describe('A terminal that is looked for by its process', () => {
  it('is found beside one that never says its process', async () => {
    const wanted = of(7);
    equal(await findByProcess(() => [never, of(6), wanted], 7, 1_000, 1), wanted);
  });

  it('is found when it comes later', async () => {
    const wanted = of(7);
    let looks = 0;
    equal(await findByProcess(() => (++looks < 3 ? [never] : [never, wanted]), 7, 1_000, 1), wanted);
  });

  it('is given up in time, however many never say their process', async () => {
    equal(await findByProcess(() => [never, of(6)], 7, 20, 1), null);
  });
});
