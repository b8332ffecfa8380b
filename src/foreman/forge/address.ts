import type { Route } from '../../ports/forge.ts';

/** Of a remote: which machine, and the path of the repository there. */
export interface Address {
  readonly host: string;
  /** `owner/name`, more parts where groups have groups. */
  readonly path: string;
}

const web = /^https?:\/\/(?:[^/@\s]*@)?([^/:@\s]+)(?::\d+)?\/(\S+)$/i;
const secureShell = /^ssh:\/\/(?:[^/@\s]*@)?([^/:@\s]+)(?::\d+)?\/(\S+)$/i;
/** `git@host:owner/name`, which no path of Windows is. */
const short = /^(?:[^/@:\s]+@)([^/:@\s]+):(?!\/)(\S+)$/;
/** No part of it could be taken for an option, for a way up, or for more of an address. */
const safePath = /^[A-Za-z0-9_][\w.-]*(?:\/[A-Za-z0-9_~][\w.-]*)+$/;

/** Null: a folder, a name that only the person's ssh knows, or nothing that is known. */
export function addressOf(remote: string): Address | null {
  const [, host = '', rest = ''] = web.exec(remote) ?? secureShell.exec(remote) ?? short.exec(remote) ?? [];
  const path = rest.replace(/\/+$/, '').replace(/\.git$/, '');
  const isName = /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(host);
  if (!isName || !safePath.test(path)) return null;
  // GitHub answers ssh there where its own port is blocked.
  const name = host.toLowerCase().replace(/^ssh\.(?=github\.com$)/, '');
  return { host: name, path };
}

/** Whether pull requests of that machine are what GitHub's program knows; others may be, and then it says so. */
export function isGitHub({ host }: Address): boolean {
  return host === 'github.com' || host.split('.').includes('github') || host.endsWith('.ghe.com');
}

/** Machines of vendors that GitHub's program never knows. */
export function isOther({ host }: Address): boolean {
  return host === 'bitbucket.org' || host.split('.').includes('gitlab');
}

/** Where a person opens it in a browser; null: nobody knows that machine's pages. */
export function openingPage(address: Address, { branch, target }: Route): string | null {
  const { host, path } = address;
  const [from, into] = [encodeURIComponent(branch), encodeURIComponent(target)];
  const page = `https://${host}/${path}`;
  if (isGitHub(address)) return `${page}/compare/${into}...${from}?expand=1`;
  if (host === 'bitbucket.org') return `${page}/pull-requests/new?source=${from}&dest=${into}`;
  if (!isOther(address)) return null;
  const query = `merge_request%5Bsource_branch%5D=${from}&merge_request%5Btarget_branch%5D=${into}`;
  return `${page}/-/merge_requests/new?${query}`;
}
