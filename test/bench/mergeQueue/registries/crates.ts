import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Published, type Registry, type Wanted, ask } from './registry.ts';

/** A package of nobody's, with one dependency. */
function manifest(name: string, requirement: string): string {
  const described = ['[package]', 'name = "nobody"', 'version = "0.0.0"', 'edition = "2021"'];
  return [...described, '[lib]', 'path = "lib.rs"', '[dependencies]', `${name} = "${requirement}"`, ''].join(
    '\n',
  );
}

/** Cargo lists no versions: what is newest below the one before is asked for until there are enough. */
async function fetch({ name, versions }: Wanted, place: string): Promise<readonly Published[]> {
  const nobody = path.join(place, 'nobody');
  await mkdir(nobody);
  await writeFile(path.join(nobody, 'lib.rs'), '');
  const published: Published[] = [];
  while (published.length < versions) {
    const above = published[0]?.version;
    await writeFile(path.join(nobody, 'Cargo.toml'), manifest(name, above === undefined ? '*' : `<${above}`));
    await rm(path.join(nobody, 'Cargo.lock'), { force: true });
    const vendored = path.join(place, 'published', String(published.length));
    await ask('cargo', ['vendor', '--quiet', vendored], nobody);
    const folder = path.join(vendored, name);
    const version = /^version = "(.*)"/m.exec(await readFile(path.join(folder, 'Cargo.toml'), 'utf8'))?.[1];
    if (version === undefined) throw new Error(`${folder} names no version`);
    published.unshift({ version, folder });
  }
  return published;
}

export const cratesRegistry: Registry = {
  name: 'crates',
  fetch,
  proof: (tested) => ({
    // A folder of targets for all would find in one worktree what it built in another: it asks the time of a file.
    steps: [['cargo', tested ? 'test' : 'check', '--quiet', '--offline', '--tests']],
    env: {},
  }),
  // A lock file is also written by whoever tests, and would be in the way of one that is merged.
  leftOut: /^(?:\.cargo-checksum\.json|\.cargo_vcs_info\.json|Cargo\.lock)$/,
  versioned: { files: /^Cargo\.toml(?:\.orig)?$/, before: /^version = "/m },
  // Others are compiled only when one of these names them.
  source: /^(?:src|tests)\/.*\.rs$/,
  anotherSource: () => 'src/lib.rs',
};
