import * as v from 'valibot';
import type { Forge, ForgeAnswer, ForgeProblem, PullRequest, Route } from '../../ports/forge.ts';
import type { Git, Repository } from '../../ports/git.ts';
import { environmentFor } from '../../system/environment.ts';
import { findProgram } from '../../system/findProgram.ts';
import { parseCommitId } from '../../town/ids.ts';
import { webAddress } from '../../town/offer.ts';
import { type Address, addressOf, isGitHub, isOther, openingPage } from './address.ts';
import { type Ended, runProgram } from './runProgram.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ForgeParts {
  readonly git: Pick<Git, 'localConfig'>;
  /** The person's own, read anew at each call. */
  readonly environment: () => Environment;
}

/** Fields that its program is asked for, by the names it has for them (`gh pr view --json`). */
const fields = 'state,url,mergeCommit,isCrossRepository,headRefOid';

const seen = v.object({
  state: v.picklist(['OPEN', 'MERGED', 'CLOSED']),
  url: v.string(),
  mergeCommit: v.optional(v.nullable(v.object({ oid: v.string() })), null),
  isCrossRepository: v.optional(v.boolean(), false),
  headRefOid: v.optional(v.string(), ''),
});
type Seen = v.InferOutput<typeof seen>;

const states = { OPEN: 'open', MERGED: 'merged', CLOSED: 'closed' } as const;

/**
 * Pull requests through `gh`, GitHub's own program, which the person has installed and logged in. Rigs sees neither
 * their token nor what `gh` says to GitHub. It is told which repository is meant, and never stands in it: what agents
 * wrote into its configuration is none of its business.
 */
export function gitHub(parts: ForgeParts): Forge {
  return {
    find: async (repository, { branch, target, head }, signal) => {
      const args = ['pr', 'list', '--head', branch, '--base', target, '--state', 'all', '--limit', '30'];
      const said = await gh(parts, repository, [...args, '--json', fields], signal);
      if (!said.ok) return said;
      const all = readAll(said.value);
      if (all === null) return failed(said.value);
      // A stranger's fork may have a branch of the same name.
      const own = all.filter(({ isCrossRepository }) => !isCrossRepository);
      const found =
        own.find(({ state }) => state === 'OPEN') ??
        own.find(({ state, headRefOid }) => state === 'MERGED' && headRefOid === head);
      return answered(found ?? null);
    },
    open: async (repository, route, { title, body }, signal) => {
      const { branch, target } = route;
      const args = ['pr', 'create', '--head', branch, '--base', target, '--title', title, '--body-file', '-'];
      const said = await gh(parts, repository, args, signal, body);
      if (!said.ok) return said;
      const url = said.value
        .split(/\s+/)
        .map(webAddress)
        .findLast((one) => one !== null);
      return url == null ? failed(said.value) : { ok: true, value: { state: 'open', url, merged: null } };
    },
    see: async (repository, url, signal) => {
      const said = await gh(parts, repository, ['pr', 'view', url, '--json', fields], signal);
      if (!said.ok) return said;
      const found = read(said.value);
      return found === null ? failed(said.value) : answered(found);
    },
    openingPage: async (repository, route: Route) => {
      const address = await addressFor(parts, repository);
      return address === null ? null : openingPage(address, route);
    },
  };
}

async function addressFor({ git }: ForgeParts, repository: Repository): Promise<Address | null> {
  const { remote } = repository;
  const url = remote === null ? null : await git.localConfig(repository, `remote.${remote}.url`);
  return url === null ? null : addressOf(url);
}

/** What it printed. */
async function gh(
  parts: ForgeParts,
  repository: Repository,
  args: readonly string[],
  signal: AbortSignal,
  input = '',
): Promise<ForgeAnswer<string>> {
  const address = await addressFor(parts, repository);
  if (address === null || isOther(address)) return { ok: false, why: 'absent', detail: '' };
  const environment = parts.environment();
  const file = await findProgram('gh', environment);
  if (file === null) return { ok: false, why: 'absent', detail: '' };
  const env = { ...environmentFor(environment), ...quiet };
  const where = ['--repo', `${address.host}/${address.path}`];
  const ended = await runProgram(file, [...args, ...where], { env, input, signal });
  if (ended?.code === 0) return { ok: true, value: ended.stdout };
  const why = ended === null ? 'unreachable' : problemOf(ended);
  // Of a machine that nobody knows for one of GitHub's, it can only say that it knows nobody there.
  if (why === 'login' && !isGitHub(address)) return { ok: false, why: 'absent', detail: '' };
  return { ok: false, why, detail: wordsOf(ended) };
}

const quiet = { GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1', CLICOLOR_FORCE: '0' };

/** Its exit code where nobody is logged in (`gh help exit-codes`). */
const needsLogin = 4;

function problemOf({ code, stderr }: Ended): ForgeProblem {
  if (code === needsLogin || /gh auth login|HTTP 401/i.test(stderr)) return 'login';
  const away =
    /error connecting|could not resolve|timed? ?out|connection (refused|reset)|HTTP 5\d\d|rate limit/i;
  return away.test(stderr) ? 'unreachable' : 'failed';
}

function wordsOf(ended: Ended | null): string {
  return ended === null ? 'gh gave no answer.' : `${ended.stderr}\n${ended.stdout}`.trim().slice(0, 1_000);
}

function failed(said: string): ForgeAnswer<never> {
  return { ok: false, why: 'failed', detail: `gh answered something unknown: ${said.slice(0, 300)}` };
}

function answered<T extends Seen | null>(found: T): ForgeAnswer<PullRequest | Extract<T, null>>;
function answered(found: Seen | null): ForgeAnswer<PullRequest | null> {
  if (found === null) return { ok: true, value: null };
  const url = webAddress(found.url);
  if (url === null) return failed(found.url);
  const merged = found.mergeCommit === null ? null : parseCommitId(found.mergeCommit.oid);
  return { ok: true, value: { state: states[found.state], url, merged } };
}

function read(text: string): Seen | null {
  const parsed = v.safeParse(seen, jsonOf(text));
  return parsed.success ? parsed.output : null;
}

function readAll(text: string): readonly Seen[] | null {
  const parsed = v.safeParse(v.array(seen), jsonOf(text));
  return parsed.success ? parsed.output : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
