import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { type Published, type Registry, type Wanted, ask, newest, untar } from './registry.ts';

const quiet = ['--no-cache-dir', '--disable-pip-version-check', '--retries=1', '--timeout=20'];

async function fetch(wanted: Wanted, place: string): Promise<readonly Published[]> {
  const { name, needs } = wanted;
  const pip = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> =>
    ask('python3', ['-m', 'pip', ...args, ...quiet], place, env);
  const listed = /^Available versions: (.*)$/m.exec(await pip(['index', 'versions', name]))?.[1] ?? '';
  const versions = newest(wanted, listed.split(', ').toReversed(), /^\d+(?:\.\d+)*$/);
  const builders = path.join(place, 'builders');
  if (needs.length > 0) await pip(['install', '--quiet', '--target', builders, ...needs]);
  const published: Published[] = [];
  for (const version of versions) {
    const at = path.join(place, 'published', version);
    await mkdir(at, { recursive: true });
    // It looks into what it hands out, with the builder that stands in there, and would install that every time.
    const plain = ['--no-deps', '--no-binary', ':all:', '--no-build-isolation', '--quiet', '--dest', at];
    await pip(['download', ...plain, `${name}==${version}`], { PYTHONPATH: builders });
    const archive = (await readdir(at)).find((one) => one.endsWith('.tar.gz'));
    if (archive === undefined) throw new Error(`${name} ${version} is no tarball`);
    const folder = path.join(at, 'unpacked');
    await untar(path.join(at, archive), folder);
    published.push({ version, folder });
  }
  return published;
}

export const pypiRegistry: Registry = {
  name: 'PyPI',
  fetch,
  proof: (tested, place) => ({
    steps: [
      ['python3', '-m', 'compileall', '-q', '-f', '.'],
      ...(tested ? ([['python3', '-m', 'unittest', 'discover', '--quiet']] as const) : []),
    ],
    env: { PYTHONPYCACHEPREFIX: path.join(place, 'compiled') },
  }),
  leftOut: /^(?:PKG-INFO|.+\.egg-info)$/,
  versioned: { files: /\.py$/, before: /^__version__ = ['"]/m },
  source: /\.py$/,
  anotherSource: (number) => `broken-${String(number)}.py`,
};
