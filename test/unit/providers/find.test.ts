import assert from 'node:assert/strict';
import { firstVersion, judge } from '../../../src/providers/find.ts';
import { type Machine, findProgram } from '../../../src/system/findProgram.ts';

function machine(platform: NodeJS.Platform, ...files: readonly string[]): Machine {
  return { platform, starts: (file) => Promise.resolve(files.includes(file)) };
}

describe('A program that is looked for', () => {
  it('is the first of its name on PATH', async () => {
    const there = machine('linux', '/usr/bin/gemini', '/opt/bin/gemini');
    assert.equal(await findProgram('gemini', { PATH: '/bin:/opt/bin:/usr/bin' }, there), '/opt/bin/gemini');
  });

  it('is not found in folders that differ with where one stands', async () => {
    const there = machine('linux', 'bin/gemini', 'gemini', './gemini');
    assert.equal(await findProgram('gemini', { PATH: ':bin:.' }, there), null);
  });

  it('is taken where it stands when its path is given', async () => {
    const there = machine('linux', '/opt/gemini/bin/gemini', '/usr/bin/gemini');
    const env = { PATH: '/usr/bin' };
    assert.equal(await findProgram('/opt/gemini/bin/gemini', env, there), '/opt/gemini/bin/gemini');
    assert.equal(await findProgram('/opt/other', env, there), null);
  });

  it('is found behind a place that is gone or that nobody may read', async () => {
    for (const code of ['ENOTCONN', 'EIO', 'ESTALE', 'EHOSTDOWN', 'EACCES']) {
      const there: Machine = {
        platform: 'linux',
        starts: (file) =>
          file.startsWith('/gone/')
            ? Promise.reject(Object.assign(new Error(code), { code }))
            : Promise.resolve(true),
      };
      assert.equal(await findProgram('gemini', { PATH: '/gone:/usr/bin' }, there), '/usr/bin/gemini');
    }
  });

  it('is none for an empty name, a name with a hole, and a machine without PATH', async () => {
    const there = machine('linux', '/usr/bin/', '/usr/bin/a');
    assert.equal(await findProgram('', { PATH: '/usr/bin' }, there), null);
    assert.equal(await findProgram('a\0', { PATH: '/usr/bin' }, there), null);
    assert.equal(await findProgram('a', {}, there), null);
  });

  it('is known on Windows by its ending, however PATH is written there', async () => {
    const there = machine('win32', 'C:\\npm\\gemini', 'C:\\npm\\gemini.CMD', 'C:\\a b\\claude.EXE');
    const env = { Path: '"C:\\a b";C:\\npm', PATHEXT: '.EXE;.CMD' };
    assert.equal(await findProgram('gemini', env, there), 'C:\\npm\\gemini.CMD');
    assert.equal(await findProgram('claude', env, there), 'C:\\a b\\claude.EXE');
    assert.equal(await findProgram('C:\\a b\\claude.EXE', env, there), 'C:\\a b\\claude.EXE');
  });
});

describe('A version', () => {
  const tried = { from: '0.61.0', to: '0.63.2' };

  const cases = [
    ['0.61.0', 'tried'],
    ['0.62', 'tried'],
    ['0.63.2-nightly.3', 'tried'],
    ['0.9.99', 'older'],
    ['0.63.10', 'newer'],
    ['1.0', 'newer'],
    ['soon', 'unsaid'],
    [null, 'unsaid'],
  ] as const;
  for (const [version, expected] of cases) {
    it(`${version ?? 'nobody knows'} is ${expected}`, () => {
      assert.equal(judge(version, tried), expected);
    });
  }

  it('is the first number in what a program prints of itself', () => {
    assert.equal(firstVersion('2.1.329 (Claude Code)\n'), '2.1.329');
    assert.equal(firstVersion('codex-cli 0.169.0-alpha.2'), '0.169.0-alpha.2');
    assert.equal(firstVersion('gemini, the command line'), null);
  });
});
