import path from 'node:path';
import { hookWord } from '../gateway/run.ts';
import type { RigsProgram } from '../providers/vendor.ts';
import type { Rung } from './rung.ts';

/** What `rigs` needs to know of the machine it was written on. */
export interface ProgramParts {
  readonly rung: Rung;
  /** The text of `rigs.sh`. */
  readonly script: string;
  readonly execPath: string;
  /** Variables that make `execPath` a Node. */
  readonly nodeEnv: Readonly<Record<string, string>>;
  /** The scripts for Node: the whole command, and what hears vendors' hooks. */
  readonly cli: string;
  readonly hook: string;
}

export type ProgramName = 'rigs' | 'rgt';

/** `rigs` for POSIX shells. */
export function shellProgram(name: ProgramName, parts: ProgramParts): string {
  const { rung, script, execPath, nodeEnv, cli, hook } = parts;
  const known = {
    r_program: name,
    r_rung: rung.name,
    r_tool: rung.tool,
    r_flags: rung.flags,
    r_cr: '\r',
    r_node: execPath,
    r_cli: cli,
    r_hook: hook,
  };
  const exports = Object.entries(nodeEnv).map(([key, value]) => `export ${key}=${quoted(value)}`);
  return [
    '#!/bin/sh',
    ...Object.entries(known).map(([key, value]) => `${key}=${quoted(value)}`),
    `r_node_env() { ${[...exports, ':'].join('; ')}; }`,
    script,
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * What vendors start as a hook: `rigs` of that folder; on Windows Node itself, because many vendors start hooks without
 * a shell, and nothing but a shell starts a batch file.
 */
export function hookProgram(
  folder: string,
  { execPath, nodeEnv, hook }: Pick<ProgramParts, 'execPath' | 'nodeEnv' | 'hook'>,
  platform: NodeJS.Platform = process.platform,
): Pick<RigsProgram, 'hook' | 'hookEnv'> {
  return platform === 'win32'
    ? { hook: [execPath, hook, hookWord], hookEnv: nodeEnv }
    : { hook: [path.join(folder, 'rigs'), hookWord] };
}

/** `rigs` for Windows' own shells, by file name. There is no `nc` to be had there. */
export function windowsPrograms(name: ProgramName, parts: ProgramParts): Readonly<Record<string, string>> {
  return { [`${name}.cmd`]: batchProgram(name, parts), [`${name}.ps1`]: powershellProgram(name, parts) };
}

function batchProgram(name: ProgramName, { execPath, nodeEnv, cli, hook }: ProgramParts): string {
  const set = { ...nodeEnv, RIGS_PROGRAM: name };
  const variables = Object.entries(set).map(([key, value]) => `set "${key}=${doubled(value)}"`);
  const lines = [
    '@echo off',
    'setlocal',
    ...variables,
    `set "RIGS_SCRIPT=${doubled(cli)}"`,
    `if "%~1"=="agent-hook" set "RIGS_SCRIPT=${doubled(hook)}"`,
    `"${doubled(execPath)}" "%RIGS_SCRIPT%" %*`,
    'exit /b %ERRORLEVEL%',
    '',
  ];
  // cmd reads its files in the console's own code page; the paths in this one are UTF-8.
  // eslint-disable-next-line no-control-regex
  if (!/^[\x00-\x7f]*$/.test(lines.join(''))) lines.splice(1, 0, 'chcp 65001 >nul');
  return lines.join('\r\n');
}

function doubled(text: string): string {
  return text.replaceAll('%', '%%');
}

function powershellProgram(name: ProgramName, { execPath, nodeEnv, cli, hook }: ProgramParts): string {
  const set = { ...nodeEnv, RIGS_PROGRAM: name };
  const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  const keys = Object.keys(set).map(text).join(', ');
  const lines = [
    `$script = if ($args.Count -gt 0 -and $args[0] -eq 'agent-hook') { ${text(hook)} } else { ${text(cli)} }`,
    // What is set here would stay in the session.
    '$before = @{}',
    `foreach ($key in ${keys}) { $before[$key] = [Environment]::GetEnvironmentVariable($key) }`,
    'try {',
    ...Object.entries(set).map(([key, value]) => `  $env:${key} = ${text(value)}`),
    `  if ($MyInvocation.ExpectingInput) { $input | & ${text(execPath)} $script @args }`,
    `  else { & ${text(execPath)} $script @args }`,
    '} finally {',
    '  foreach ($key in $before.Keys) { [Environment]::SetEnvironmentVariable($key, $before[$key]) }',
    '}',
    'exit $LASTEXITCODE',
    '',
  ];
  // Windows PowerShell 5 takes a file without this mark for one in the code page of the system.
  return `\uFEFF${lines.join('\r\n')}`;
}
