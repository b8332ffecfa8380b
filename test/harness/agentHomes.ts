/**
 * A person who has used all three command lines before: configured, logged in with dummy keys, no dialog left to
 * answer, and a network in which there is nothing but a wire. What each needs for that was tried out with the versions
 * in agents.ts.
 */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { AgentName } from './agents.ts';
import { ensureAgents } from './agents.ts';
import { outsideTemp } from './places.ts';
import type { Wire } from './wire/wire.ts';

export interface AgentHomesOptions {
  readonly wire: Wire;
  /** The queue each vendor's requests go to; by default its own name. */
  readonly queues?: Partial<Readonly<Record<AgentName, string>>>;
  /** Folders the person has trusted in all three, with all below them. */
  readonly trusted: readonly string[];
  /** How Claude Code is paid for; a subscription has windows, and waits at its limit. */
  readonly claude?: 'key' | 'subscription';
  /** Added to Codex' configuration, before its tables. */
  readonly codexSettings?: string;
}

/** Within the person's home: another account of Claude Code, whose key has to be in its environment. */
export const secondClaude = 'claude-second';

export interface AgentHomes {
  readonly claude: string;
  readonly codex: string;
  readonly gemini: string;
  /** For the program that starts them: homes, keys, base URLs, and the proxy that refuses. */
  readonly env: Readonly<Record<string, string>>;
  readonly remove: () => Promise<void>;
}

/** No service would take them. */
export const keys = {
  ANTHROPIC_API_KEY: 'sk-ant-dummy-0000000000000000000',
  CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-dummy-0000000000000000000',
  MOCK_API_KEY: 'sk-dummy-codex',
  GEMINI_API_KEY: 'dummy-gemini',
} as const;

/** Codex wants no home below the temporary folder, so they stand beside the bench's other things. */
export async function makeAgentHomes(options: AgentHomesOptions): Promise<AgentHomes> {
  const { wire, queues = {}, claude = 'key' } = options;
  const parent = join(outsideTemp, 'agent-homes');
  await mkdir(parent, { recursive: true });
  const base = await mkdtemp(join(parent, 'home-'));
  const trusted = await Promise.all(options.trusted.map((folder) => realpath(folder)));
  const person = join(base, 'person');
  const homes = { claude: join(base, 'claude'), codex: join(base, 'codex'), gemini: join(base, 'gemini') };
  await writeClaude(homes.claude, trusted);
  await writeClaude(join(person, secondClaude), trusted);
  await writeCodex(homes.codex, trusted, wire.url(queues.codex ?? 'codex'), options.codexSettings ?? '');
  await writeGemini(homes.gemini, trusted);
  const { path } = await ensureAgents();
  const paid = claude === 'key' ? 'ANTHROPIC_API_KEY' : 'CLAUDE_CODE_OAUTH_TOKEN';
  return {
    ...homes,
    env: {
      // Codex and Claude Code run commands in a login shell: what a profile of this machine does there, such as waiting for
      // a lock that an earlier, killed command left (pyenv: 60 s), is none of a test's business.
      HOME: person,
      PATH: `${path}${delimiter}${process.env['PATH'] ?? ''}`,
      CLAUDE_CONFIG_DIR: homes.claude,
      ANTHROPIC_BASE_URL: wire.url(queues.claude ?? 'claude'),
      [paid]: keys[paid],
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CODEX_HOME: homes.codex,
      MOCK_API_KEY: keys.MOCK_API_KEY,
      GEMINI_CLI_HOME: homes.gemini,
      GEMINI_API_KEY: keys.GEMINI_API_KEY,
      GOOGLE_GEMINI_BASE_URL: wire.url(queues.gemini ?? 'gemini'),
      // Their screens are drawn for people; where this is set, some draw nothing.
      CI: 'false',
      ...noNetwork(wire),
    },
    remove: () => rm(base, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }),
  };
}

/** Both spellings, because each program reads another one first. */
function noNetwork({ proxy }: Wire): Record<string, string> {
  const names = { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, ALL_PROXY: proxy, NO_PROXY: '127.0.0.1,localhost' };
  const lower = Object.entries(names).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { ...names, ...Object.fromEntries(lower) };
}

async function writeJson(folder: string, name: string, value: object): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
}

async function writeClaude(home: string, trusted: readonly string[]): Promise<void> {
  await writeJson(home, '.claude.json', {
    hasCompletedOnboarding: true,
    theme: 'dark',
    hasSeenAutoDefaultNotice: true,
    bypassPermissionsModeAccepted: true,
    officialMarketplaceAutoInstallAttempted: true,
    officialMarketplaceAutoInstalled: true,
    customApiKeyResponses: { approved: [keys.ANTHROPIC_API_KEY.slice(-20)], rejected: [] },
    projects: Object.fromEntries(trusted.map((folder) => [folder, { hasTrustDialogAccepted: true }])),
  });
}

/** Top-level keys stand before the tables. */
function codexConfig(trusted: readonly string[], url: string, settings: string): string {
  return `model_provider = "mock"
check_for_update_on_startup = false
web_search = "disabled"
${settings}

[model_providers.mock]
name = "mock"
base_url = "${url}/v1"
wire_api = "responses"
env_key = "MOCK_API_KEY"
requires_openai_auth = false
supports_websockets = false

[analytics]
enabled = false

[feedback]
enabled = false

[otel]
exporter = "none"
trace_exporter = "none"
metrics_exporter = "none"

[features]
plugins = false
apps = false
remote_plugin = false
daemon_auto_start = false

[notice]
hide_rate_limit_model_nudge = true

[tui]
screen_reader_detection_done = true

${trusted.map((folder) => `[projects.${JSON.stringify(folder)}]\ntrust_level = "trusted"\n`).join('\n')}`;
}

async function writeCodex(
  home: string,
  trusted: readonly string[],
  url: string,
  settings: string,
): Promise<void> {
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'config.toml'), codexConfig(trusted, url, settings));
}

async function writeGemini(home: string, trusted: readonly string[]): Promise<void> {
  const folder = join(home, '.gemini');
  await writeJson(folder, 'settings.json', {
    security: { auth: { selectedType: 'gemini-api-key' } },
    privacy: { usageStatisticsEnabled: false },
    general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
    // With "auto" each turn first asks a small model which one to take.
    model: { name: 'gemini-2.5-pro' },
  });
  const rules = Object.fromEntries(trusted.map((path) => [path, 'TRUST_FOLDER']));
  await writeJson(folder, 'trustedFolders.json', rules);
}
