#!/usr/bin/env node
/**
 * Takes the arguments `@vscode/test-electron` gives to VS Code, and runs them in code-server with a headless browser:
 * `vscodeExecutablePath` points here where there is no display or no download. Ends with the tests' exit code.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { startCodeServer } from './codeServer.ts';
import type { CodeServer } from './codeServer.ts';

type Wishes = {
  readonly development: string;
  readonly tests: string;
  readonly userDataDir: string | undefined;
  readonly extensionsDir: string | undefined;
  readonly folder: string | undefined;
};

function readArguments(): Wishes {
  const { values, positionals } = parseArgs({
    strict: false, // VS Code's own switches (--no-sandbox, …) come along and mean nothing here
    allowPositionals: true,
    options: {
      extensionDevelopmentPath: { type: 'string' },
      extensionTestsPath: { type: 'string' },
      'user-data-dir': { type: 'string' },
      'extensions-dir': { type: 'string' },
    },
  });
  const text = (value: string | boolean | undefined): string | undefined =>
    typeof value === 'string' ? value : undefined;
  const [development, tests] = [text(values.extensionDevelopmentPath), text(values.extensionTestsPath)];
  if (development === undefined || tests === undefined) {
    throw new Error('Name the extension and its tests: --extensionDevelopmentPath=… --extensionTestsPath=…');
  }
  return {
    development,
    tests,
    userDataDir: text(values['user-data-dir']),
    extensionsDir: text(values['extensions-dir']),
    folder: positionals[0],
  };
}

/** What an extension host is asked to do by the page's address. */
function address(server: CodeServer, { development, tests, folder }: Wishes): string {
  const remote = (path: string): string => `${server.origin.replace('http:', 'vscode-remote:')}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(development)],
    ['extensionTestsPath', remote(tests)],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  const separator = folder === undefined ? '?' : '&';
  return `${server.url(folder)}${separator}payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

/** What the tests' own process is to know; the rest of the bench's variables stays outside the editor. */
function testEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => name.startsWith('RIGS_TEST_'));
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? '']));
}

/** What the workbench says of itself at every start and stop; the tests' own output would drown in it. */
const chatter =
  /^(Resolv(ing|ed) connection token|Creating a socket|Ignoring fetching|Updating additional|Creation of workbench contribution|Canceled: |Timed out waiting for authentication provider|\[(reconnection-grace-time|Service Worker|AgentHost|AccountPolicyGate)\b)/;

/** Opens the page and waits until the workbench calls back with the tests' exit code. */
async function exitCode(page: Page, url: string): Promise<number> {
  await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => {
    const line = format(...args);
    if (!chatter.test(line)) process.stdout.write(`${line}\n`);
  });
  const code = new Promise<number>((resolve, reject) => {
    page.on('crash', () => {
      reject(new Error('The browser page crashed.'));
    });
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
  });
  await page.goto(url);
  return code;
}

async function run(wishes: Wishes): Promise<number> {
  const server = await startCodeServer({
    smokeTestDriver: true,
    env: testEnvironment(),
    ...(wishes.userDataDir === undefined ? {} : { userDataDir: wishes.userDataDir }),
    ...(wishes.extensionsDir === undefined ? {} : { extensionsDir: wishes.extensionsDir }),
  });
  const profileDir = await mkdtemp(join(tmpdir(), 'rg-browser-'));
  const browser = await openBrowser({ profileDir });
  try {
    return await exitCode(await browser.newPage(), address(server, wishes));
  } finally {
    await browser.close();
    await server.stop();
    await rm(profileDir, { recursive: true, force: true });
  }
}

process.exit(await run(readArguments()));
