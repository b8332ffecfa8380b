/** A VS Code without a display: code-server in folders of its own, reached with a browser. */
import { createWriteStream } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { startGroup } from './processes.ts';
import type { Group } from './processes.ts';
import { ensureCodeServer, ensureNode } from './toolchain.mjs';

export type CodeServerOptions = {
  /** A packaged extension to install, as a person would. */
  readonly vsix?: string;
  /** 0 takes any free port. */
  readonly port?: number;
  readonly auth?: 'none' | { readonly password: string };
  /** Folders of the caller's own stay; otherwise everything lies in a temporary one and goes with the server. */
  readonly userDataDir?: string;
  readonly extensionsDir?: string;
  /** The home directory its terminals see. By default an empty one with a name for git. */
  readonly home?: string;
  readonly settings?: Settings;
  /** Those of scope `machine`: where the editor runs elsewhere than its window, the person's own file is no place for them. */
  readonly machineSettings?: Settings;
  readonly env?: Readonly<Record<string, string>>;
  /** Needed for extensions and tests named in the page's address; it also silences notifications. */
  readonly smokeTestDriver?: boolean;
};

export type Settings = Readonly<Record<string, unknown>>;

export type CodeServer = {
  /** `http://localhost:<port>` */
  readonly origin: string;
  /** The page that shows a folder. */
  readonly url: (folder?: string) => string;
  readonly home: string;
  readonly userDataDir: string;
  readonly logFile: string;
  readonly stop: () => Promise<void>;
};

/** A workbench that starts quiet, opens no port, fetches nothing, and keeps terminal text in the page. */
export const quietSettings: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.editor.useModal': 'off',
  'chat.disableAIFeatures': true,
  'remote.autoForwardPorts': false,
  'js/ts.tsserver.automaticTypeAcquisition.enabled': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'terminal.integrated.gpuAcceleration': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'git.autofetch': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'security.workspace.trust.enabled': false,
};

/** Short, because the editor puts sockets below it and their paths may not exceed 107 bytes. */
async function shortFolder(): Promise<string> {
  return mkdtemp(join(process.platform === 'darwin' ? '/tmp' : tmpdir(), 'rg-'));
}

type Folders = {
  readonly base: string;
  readonly home: string;
  readonly userDataDir: string;
  readonly extensionsDir: string;
  readonly config: string;
};

async function makeFolders(options: CodeServerOptions): Promise<Folders> {
  const base = await shortFolder();
  const folders = {
    base,
    home: options.home ?? join(base, 'h'),
    userDataDir: options.userDataDir ?? join(base, 'd'),
    extensionsDir: options.extensionsDir ?? join(base, 'e'),
    config: join(base, 'config.yaml'),
  };
  const made = [folders.home, join(folders.userDataDir, 'User'), folders.extensionsDir, join(base, 'run')];
  for (const folder of made) await mkdir(folder, { recursive: true });
  await writeFile(folders.config, 'cert: false\n');
  if (options.home === undefined) {
    await appendFile(
      join(folders.home, '.gitconfig'),
      '[user]\n\tname = Rigs Tester\n\temail = tester@example.invalid\n[init]\n\tdefaultBranch = main\n',
    );
  }
  return folders;
}

/** The environment of an editor started from a shop window, not from inside another editor or another run of Rigs. */
function environment(folders: Folders, options: CodeServerOptions): NodeJS.ProcessEnv {
  const foreign =
    /^(VSCODE_|RIGS_(?!BENCH_)|GTR_|GIT_|XDG_|npm_|ELECTRON_|PORT$|PASSWORD$|HASHED_PASSWORD$|NODE_OPTIONS$|INIT_CWD$)/;
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  const { auth = 'none', env } = options;
  return {
    ...inherited,
    HOME: folders.home,
    XDG_RUNTIME_DIR: join(folders.base, 'run'),
    EXTENSIONS_GALLERY: '{}',
    ...(auth === 'none' ? {} : { PASSWORD: auth.password }),
    ...env,
  };
}

/** code-server's entry asks for the same folders whether it serves or installs. */
function common(entry: string, folders: Folders): readonly string[] {
  return [
    '--disable-warning=ExperimentalWarning',
    entry,
    ...['--config', folders.config],
    ...['--user-data-dir', folders.userDataDir],
    ...['--extensions-dir', folders.extensionsDir],
  ];
}

const servingArguments = [
  '--disable-telemetry',
  '--disable-update-check',
  '--disable-workspace-trust',
  '--disable-getting-started-override',
  '--ignore-last-opened',
  // A browser that was killed leaves its extension host waiting for it; 5 s instead of three hours.
  ...['--reconnection-grace-time', '5'],
];

async function writeSettings(
  { userDataDir }: Folders,
  whose: 'User' | 'Machine',
  settings: Settings,
): Promise<void> {
  const folder = join(userDataDir, whose);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
}

async function textOf(stream: Readable | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
}

async function install(
  node: string,
  entry: string,
  vsix: string,
  folders: Folders,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const args = [...common(entry, folders), '--install-extension', vsix, '--force'];
  const group = startGroup(node, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [code, ...output] = await Promise.all([group.ended, textOf(group.stdout), textOf(group.stderr)]);
  await group.stop(0);
  if (code !== 0) throw new Error(`${vsix} could not be installed:\n${output.join('')}`);
}

/** code-server names its address once it listens. */
async function address(group: Group, logFile: string): Promise<string> {
  const log = createWriteStream(logFile);
  const listening = new Promise<string>((resolve) => {
    let seen = '';
    group.stdout?.on('data', (chunk: Buffer) => {
      log.write(chunk);
      seen = (seen + chunk.toString()).slice(-4096);
      const port = /HTTP server listening on http:\/\/[^\s:]+:(\d+)/.exec(seen)?.[1];
      if (port !== undefined) resolve(`http://localhost:${port}`);
    });
    group.stderr?.pipe(log);
  });
  const ended = group.ended.then((code) => {
    throw new Error(`code-server ended at once (exit code ${String(code)}); its log: ${logFile}`);
  });
  return Promise.race([listening, ended]);
}

function pageOf(origin: string, folder: string | undefined): string {
  return folder === undefined ? `${origin}/` : `${origin}/?folder=${encodeURIComponent(folder)}`;
}

/** Starts code-server and returns when it listens. */
export async function startCodeServer(options: CodeServerOptions = {}): Promise<CodeServer> {
  const [node, entry] = [await ensureNode(), await ensureCodeServer()];
  const folders = await makeFolders(options);
  const env = environment(folders, options);
  await writeSettings(folders, 'User', { ...quietSettings, ...options.settings });
  await writeSettings(folders, 'Machine', options.machineSettings ?? {});
  if (options.vsix !== undefined) await install(node, entry, options.vsix, folders, env);
  const args = [
    ...common(entry, folders),
    ...servingArguments,
    ...['--auth', options.auth === undefined || options.auth === 'none' ? 'none' : 'password'],
    ...['--bind-addr', `127.0.0.1:${String(options.port ?? 0)}`],
    ...(options.smokeTestDriver === true ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  const group = startGroup(node, args, { cwd: folders.home, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const logFile = join(folders.base, 'server.log');
  const origin = await address(group, logFile);
  return {
    origin,
    url: (folder) => pageOf(origin, folder),
    home: folders.home,
    userDataDir: folders.userDataDir,
    logFile,
    stop: async () => {
      await group.stop();
      await rm(folders.base, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
