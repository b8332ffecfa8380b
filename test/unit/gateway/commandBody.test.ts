import assert from 'node:assert/strict';
import { packCommand, unpackCommand } from '../../../src/gateway/commandBody.ts';

const commands: readonly { argv: readonly string[]; cwd: string; stdin: string }[] = [
  { argv: [], cwd: '/', stdin: '' },
  { argv: ['done', 'Added it.'], cwd: '/home/me/My Repo', stdin: '' },
  { argv: ['', 'a\nb\n', '12\nx', '"\'$(rm)`', 'ünïcödé 🦀', '\t '], cwd: "/it's\nodd", stdin: '3\nabc\n\n' },
];

describe('a command line on its way', () => {
  for (const command of commands)
    it(`arrives as it was given: ${JSON.stringify(command.argv)}`, () => {
      assert.deepEqual(unpackCommand(Buffer.from(packCommand(command))), command);
    });

  it('is counted in bytes, as a shell counts', () => {
    assert.equal(packCommand({ argv: ['ü'], cwd: '/é', stdin: 'in' }), '1\n2\nü\n3\n/é\nin');
  });

  for (const odd of [
    '',
    '\n',
    'x',
    '1\n',
    '1\n3\nab\n',
    '1\n3\nabcd\n0\n\n',
    '-1\n',
    '1e3\n',
    '99999\n0\n\n',
    '1\n999999999\na\n',
  ])
    it(`is refused when it is ${JSON.stringify(odd)}`, () => {
      assert.throws(() => unpackCommand(Buffer.from(odd)), { reason: 'invalid' });
    });
});
