import path from 'node:path';
import { type Published, type Registry, type Wanted, ask, newest } from './registry.ts';

interface Downloaded {
  readonly Version: string;
  readonly Dir: string;
}

function modulesIn(place: string): Readonly<Record<string, string>> {
  return { GOMODCACHE: path.join(place, 'modules') };
}

async function fetch(wanted: Wanted, place: string): Promise<readonly Published[]> {
  const { name } = wanted;
  const listed = JSON.parse(await ask('go', ['list', '-m', '-versions', '-json', name], place)) as {
    readonly Versions?: readonly string[];
  };
  const versions = newest(wanted, listed.Versions ?? [], /^v\d+\.\d+\.\d+$/);
  const specs = versions.map((version) => `${name}@${version}`);
  // Folders in its cache cannot be written by default, nor removed.
  const args = ['mod', 'download', '-modcacherw', '-json', ...specs];
  const told = await ask('go', args, place, modulesIn(place));
  const downloaded = told
    .trim()
    .split(/\n(?=\{)/)
    .map((one) => JSON.parse(one) as Downloaded);
  return versions.map((version) => {
    const folder = downloaded.find((one) => one.Version === version)?.Dir;
    if (folder === undefined) throw new Error(`${name}@${version} was not downloaded`);
    return { version, folder };
  });
}

export const goRegistry: Registry = {
  name: 'Go modules',
  fetch,
  proof: (tested, place) => ({
    // The compiler leaves out files that are for other systems or versions; a test's result is remembered otherwise.
    steps: [['gofmt', '-l', '.'], ...(tested ? ([['go', 'test', '-count=1', './...']] as const) : [])],
    env: { ...modulesIn(place), GOCACHE: path.join(place, 'built'), GOPROXY: 'off', GOTOOLCHAIN: 'local' },
  }),
  leftOut: /^$/,
  versioned: { files: /(?!)/, before: /(?!)/ },
  source: /\.go$/,
  anotherSource: (number) => `broken-${String(number)}.go`,
};
