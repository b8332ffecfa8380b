/**
 * The vendors' real command lines at the versions the tests run, from npm into the bench's cache. Newer ones are tried
 * by changing a number here; what Rigs then says of "tried" versions is in each vendor's folder in src/providers.
 */
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { cached, npmInstall, run } from './toolchain.mjs';

interface Pinned {
  /** Of the program. */
  readonly name: string;
  readonly package: string;
  readonly version: string;
  readonly megabytes: number;
  /** The file behind the program's name, below `node_modules`. */
  readonly file: string;
  /** An install script without which it does not run, beside its package.json; it only links its binary. */
  readonly link?: string;
}

export type AgentName = 'claude' | 'codex' | 'gemini';

export const pinnedAgents: Readonly<Record<AgentName, Pinned>> = {
  claude: {
    name: 'Claude Code',
    package: '@anthropic-ai/claude-code',
    version: '2.1.329',
    megabytes: 361,
    file: '@anthropic-ai/claude-code/bin/claude.exe',
    link: 'install.cjs',
  },
  codex: {
    name: 'Codex',
    package: '@openai/codex',
    version: '0.169.0',
    megabytes: 404,
    file: '@openai/codex/bin/codex.js',
  },
  gemini: {
    name: 'Gemini CLI',
    package: '@google/gemini-cli',
    version: '0.61.0',
    megabytes: 100,
    file: '@google/gemini-cli/bundle/gemini.js',
  },
};

/** Installed programs: each file, and what makes a PATH find all three. */
export interface AgentPrograms extends Readonly<Record<AgentName, string>> {
  readonly path: string;
}

async function ensure(agent: AgentName): Promise<string> {
  const { name, package: packageName, version, megabytes, file, link } = pinnedAgents[agent];
  const folder = await cached(
    `${agent}-${version}`,
    `${name} ${version}, which tests run against a server of their own (${megabytes} MB)`,
    async (draft) => {
      await npmInstall(draft, [`${packageName}@${version}`]);
      const modules = join(draft, 'node_modules');
      if (link !== undefined) await run(process.execPath, [link], { cwd: join(modules, packageName) });
      await chmod(join(modules, file), 0o755);
      await mkdir(join(draft, 'bin'));
      await symlink(join('..', 'node_modules', file), join(draft, 'bin', agent));
    },
  );
  return join(folder, 'bin', agent);
}

let found: Promise<AgentPrograms> | undefined;

/** All three, installed where they lack. Throws what npm says when they cannot be. */
export function ensureAgents(): Promise<AgentPrograms> {
  found ??= findAll();
  return found;
}

async function findAll(): Promise<AgentPrograms> {
  const claude = await ensure('claude');
  const codex = await ensure('codex');
  const gemini = await ensure('gemini');
  return { claude, codex, gemini, path: [claude, codex, gemini].map(dirname).join(delimiter) };
}
