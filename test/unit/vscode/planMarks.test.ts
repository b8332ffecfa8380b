import { deepEqual, equal } from 'node:assert/strict';
import { PlanMarks } from '../../../src/vscode/plan/marks.ts';
import { convoyId } from '../../fakes/scene.ts';

class Memory {
  value: unknown;

  get(): undefined {
    return this.value as undefined;
  }

  update(_key: string, value: unknown): Promise<void> {
    this.value = JSON.parse(JSON.stringify(value)) as unknown;
    return Promise.resolve();
  }
}

describe('An executed plan', () => {
  it('is remembered with its convoy, also by the next window', async () => {
    const memory = new Memory();
    await new PlanMarks(memory).set('file:///p.rigs.md', { convoy: convoyId(1), at: 5 });
    await new PlanMarks(memory).set('file:///q.rigs.md', { convoy: convoyId(2), at: 6 });
    deepEqual(new PlanMarks(memory).of('file:///p.rigs.md'), { convoy: convoyId(1), at: 5 });
    equal(new PlanMarks(memory).of('file:///other.rigs.md'), null);
  });

  it('is not believed in when what is stored has another shape', () => {
    const memory = new Memory();
    for (const value of [
      null,
      'x',
      {},
      [null],
      [['file:///p', 'no id', 5]],
      [['file:///p', 'cv-00001', 'x']],
    ]) {
      memory.value = value;
      equal(new PlanMarks(memory).of('file:///p'), null);
    }
  });
});
