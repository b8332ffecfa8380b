import assert from 'node:assert/strict';
import { hashChecks } from '../../../src/foreman/checks/checks.ts';
import type { CheckDefinition } from '../../../src/town/check.ts';

describe('the hash of confirmed checks', () => {
  const test: CheckDefinition = { name: 'test', command: 'npm', args: ['test'], timeoutMs: 1 };
  const lint: CheckDefinition = { name: 'lint', command: 'npm', args: ['run', 'lint'], timeoutMs: 1 };

  it('is the same for the same checks, however they were written down', () => {
    const other = { timeoutMs: 1, args: ['test'], command: 'npm', name: 'test' };
    assert.equal(hashChecks([test, lint]), hashChecks([other, lint]));
  });

  it('is another for whatever would run differently', () => {
    const variants: readonly (readonly CheckDefinition[])[] = [
      [test, lint],
      [lint, test],
      [test],
      [],
      [{ ...test, args: ['test', ''] }, lint],
      [{ ...test, args: ['te', 'st'] }, lint],
      [{ ...test, command: './npm' }, lint],
      [{ ...test, timeoutMs: 2 }, lint],
    ];
    assert.equal(new Set(variants.map(hashChecks)).size, variants.length);
  });
});
