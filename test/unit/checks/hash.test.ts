import assert from 'node:assert/strict';
import { hashChecks } from '../../../src/foreman/checks/hash.ts';
import type { CheckDefinition } from '../../../src/town/check.ts';

describe('the hash of confirmed checks', () => {
  const test: CheckDefinition = { name: 'test', command: 'npm', args: ['test'], timeoutMs: 1 };
  const lint: CheckDefinition = { name: 'lint', command: 'npm', args: ['run', 'lint'], timeoutMs: 1 };

  it('is the same for the same checks, however they were written down', () => {
    const other = { timeoutMs: 1, args: ['test'], command: 'npm', name: 'test' };
    assert.equal(hashChecks([test, lint]), hashChecks([other, lint]));
  });

  it('is the one that was confirmed before checks had an environment or files', () => {
    const before = 'e5a91dff20434b19b7a081b7ced15fcb1ce39143cd58e7d06b1e9ee301afb782';
    assert.equal(hashChecks([test, lint]), before);
  });

  it('does not hang on the order in which variables were written', () => {
    const one = hashChecks([{ ...test, env: { A: '1', B: '2' } }]);
    assert.equal(hashChecks([{ ...test, env: { B: '2', A: '1' } }]), one);
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
      [{ ...test, env: { A: '1' } }, lint],
      [{ ...test, env: { A: '2' } }, lint],
      [{ ...test, env: { A: '1', B: '' } }, lint],
      [{ ...test, only: ['src/**'] }, lint],
      [{ ...test, only: ['src/**', 'test/**'] }, lint],
      [{ ...test, only: ['src/**'], env: { A: '1' } }, lint],
    ];
    assert.equal(new Set(variants.map(hashChecks)).size, variants.length);
  });
});
