import assert from 'node:assert/strict';
import { lastRung } from '../../../src/cli/rung.ts';
import { hookProgram, shellProgram, windowsPrograms } from '../../../src/cli/wrappers.ts';

const parts = {
  rung: lastRung,
  script: '# the rest\n',
  execPath: 'C:\\Program Files\\100% Code\\Code.exe',
  nodeEnv: { ELECTRON_RUN_AS_NODE: '1' },
  cli: "C:\\it's\\cli.cjs",
  hook: "C:\\it's\\hook.cjs",
};

describe('rigs for the shells of Windows', () => {
  const programs = windowsPrograms('rgt', parts);

  it('are none of what vendors start as a hook, often without a shell: that is Node', () => {
    assert.deepEqual(hookProgram('C:\\bin', parts, 'win32'), {
      hook: [parts.execPath, parts.hook, 'agent-hook'],
      hookEnv: parts.nodeEnv,
    });
    assert.deepEqual(hookProgram('/bin', parts, 'linux'), { hook: ['/bin/rigs', 'agent-hook'] });
  });

  it('are a batch file and a PowerShell script of that name', () => {
    assert.deepEqual(Object.keys(programs), ['rgt.cmd', 'rgt.ps1']);
  });

  it('is a batch file in which a percent sign is none of its own', () => {
    const lines = (programs['rgt.cmd'] ?? '').split('\r\n');
    assert.ok(lines.includes('"C:\\Program Files\\100%% Code\\Code.exe" "%RIGS_SCRIPT%" %*'));
    assert.ok(lines.includes('set "RIGS_PROGRAM=rgt"'));
    assert.ok(lines.includes('if "%~1"=="agent-hook" set "RIGS_SCRIPT=C:\\it\'s\\hook.cjs"'));
    assert.ok(!lines.includes('chcp 65001 >nul'));
    const { 'rgt.cmd': odd = '' } = windowsPrograms('rgt', { ...parts, cli: 'C:\\Jürgen\\cli.cjs' });
    assert.ok(odd.split('\r\n').includes('chcp 65001 >nul'));
  });

  it('is a PowerShell script in which quotes are doubled, and that leaves no variable behind', () => {
    const text = programs['rgt.ps1'] ?? '';
    assert.ok(text.startsWith('\uFEFF'));
    assert.ok(text.includes("else { 'C:\\it''s\\cli.cjs' }"));
    assert.match(text, /finally \{[^}]*SetEnvironmentVariable/);
  });

  it('comes with one for the shell that Git brings', () => {
    assert.ok(shellProgram('rigs', parts).includes("r_cli='C:\\it'\\''s\\cli.cjs'\n"));
  });
});
