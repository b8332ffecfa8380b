import path from 'node:path';
import { impatient, npm } from '../../../integration/way/publishedPackage.ts';
import { type Published, type Registry, type Wanted, newest, untar } from './registry.ts';

const quiet = ['--no-save', '--ignore-scripts', '--no-audit'];

async function fetch(wanted: Wanted, place: string): Promise<readonly Published[]> {
  const { name, needs } = wanted;
  const listed = await npm(['view', name, 'versions', '--json', ...impatient], place);
  const versions = newest(wanted, JSON.parse(listed) as string[], /^\d+\.\d+\.\d+$/);
  const specs = versions.map((version) => `${name}@${version}`);
  const packed = await npm(['pack', ...specs, '--json', '--prefer-offline', ...impatient], place);
  const tarballs = JSON.parse(packed) as readonly { readonly version: string; readonly filename: string }[];
  // Above all worktrees, where every one of them finds it.
  if (needs.length > 0) await npm(['install', ...quiet, '--prefix', place, ...needs], place);
  const published: Published[] = [];
  for (const version of versions) {
    const filename = tarballs.find((one) => one.version === version)?.filename;
    if (filename === undefined) throw new Error(`${name}@${version} was not packed`);
    const folder = path.join(place, 'published', version);
    await untar(path.join(place, filename), folder);
    published.push({ version, folder });
  }
  return published;
}

export const npmRegistry: Registry = {
  name: 'npm',
  fetch,
  proof: (tested) => ({
    steps: [[process.execPath, path.join(import.meta.dirname, 'checkNpm.ts'), ...(tested ? ['test'] : [])]],
    env: {},
  }),
  leftOut: /^$/,
  versioned: { files: /^package\.json$/, before: /"version":\s*"/ },
  source: /\.js$/,
  anotherSource: (number) => `broken-${String(number)}.js`,
};
