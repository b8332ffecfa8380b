import assert from 'node:assert/strict';
import { lstat, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

/** Few names that collide on purpose: files, folders of the same name, ignored ones. */
const names = ['a', 'b', 'a/x', 'b/x/y', 'b/x', 'c', 'c/i.env', 'd.env', 'e'];
const rounds = Number(process.env['RIGS_LAND_ROUNDS'] ?? 12);

/** A small generator with a seed, so that a failure can be played again. */
function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

type Files = Record<string, string>;

function without(files: Files, name: string): Files {
  return Object.fromEntries(
    Object.entries(files).filter(
      ([one]) => one !== name && !one.startsWith(`${name}/`) && !name.startsWith(`${one}/`),
    ),
  );
}

function randomTree(roll: (sides: number) => number, from: Files, changes: number): Files {
  let files = from;
  for (let n = 0; n < changes; n += 1) {
    const name = names[roll(names.length)] ?? 'a';
    files = without(files, name);
    if (roll(3) > 0) files = { ...files, [name]: `${name} ${String(roll(4))}\n` };
  }
  return files;
}

describe('landing on any dirty checkout', () => {
  withoutPersonalConfig();

  async function onDisk(root: string, folder = ''): Promise<Files> {
    const found: Files = {};
    for (const name of await readdir(path.join(root, folder))) {
      if (folder === '' && name === '.git') continue;
      const file = folder === '' ? name : `${folder}/${name}`;
      if ((await lstat(path.join(root, file))).isDirectory()) Object.assign(found, await onDisk(root, file));
      else found[file] = await readFile(path.join(root, file), 'utf8');
    }
    return found;
  }

  async function put(box: Sandbox, name: string, text: string | null): Promise<void> {
    const place = path.join(box.root, name);
    const parts = name.split('/');
    for (let depth = 1; depth < parts.length; depth += 1) {
      const parent = path.join(box.root, ...parts.slice(0, depth));
      const isFile = await lstat(parent).then(
        (found) => !found.isDirectory(),
        () => false,
      );
      if (isFile) await rm(parent);
    }
    await rm(place, { recursive: true, force: true });
    if (text === null) return;
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, text);
  }

  for (let seed = 1; seed <= rounds; seed += 1) {
    it(`loses nothing of the person's and brings the rest along (seed ${String(seed)})`, async () => {
      const roll = dice(seed);
      const before: Files = {
        '.gitignore': '*.env\n',
        ...randomTree(roll, { a: 'a\n', 'b/x/y': 'y\n', e: 'e\n' }, 2),
      };
      const after: Files = { '.gitignore': '*.env\n', ...randomTree(roll, without(before, '.gitignore'), 3) };
      const box = await sandbox();
      try {
        const onto = await box.beside(await box.at('main'), {
          'a.txt': null,
          ...changed({ 'a.txt': '' }, before),
        });
        await box.person('reset', '-q', '--hard', onto);
        const commit = await box.beside(onto, changed(before, after));
        for (let n = roll(4); n > 0; n -= 1) {
          const name = names[roll(names.length)] ?? 'a';
          await put(box, name, roll(4) === 0 ? null : `mine ${String(roll(3))}\n`);
          if (roll(3) === 0) await box.person('add', '-A');
        }
        const mine = await onDisk(box.root);
        const staged = await stagedBlobs(box, onto);
        const result = await box.git.land(await box.repository(), 'main', onto, commit);
        assert.ok(result.ok);
        assert.equal(await box.at('main'), commit);
        const left = result.checkout.kind === 'left_alone' ? result.checkout.files : [];
        const disk = await onDisk(box.root);
        // Each file is the person's own still, or it was as committed before and is as landed now.
        for (const name of new Set([...Object.keys(mine), ...Object.keys(disk), ...Object.keys(after)])) {
          if (disk[name] === mine[name]) continue;
          assert.equal(mine[name], before[name], `${name} was the person's`);
          assert.equal(disk[name], after[name], `${name} is neither`);
        }
        // What was not named as left alone, and the person had not changed, did come along.
        for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
          if (left.includes(name) || mine[name] !== before[name]) continue;
          assert.equal(disk[name], after[name], `${name} stayed behind unsaid`);
        }
        for (const [name, blob] of await stagedBlobs(box, commit)) {
          // Everything staged against the new commit was staged before, or is named.
          assert.ok(staged.get(name) === blob || left.includes(name), `${name} is staged now`);
        }
        const index = await box.person('ls-files', '-s');
        for (const [, blob] of staged)
          if (blob !== '') assert.ok(index.includes(blob), `${blob} left the index`);
        const again = await box.git.land(await box.repository(), 'main', onto, commit);
        assert.ok(again.ok);
        assert.deepEqual(await onDisk(box.root), disk);
      } finally {
        await box.end();
      }
    });
  }
});

function changed(from: Files, to: Files): Record<string, string | null> {
  const gone = Object.keys(from).filter((name) => !(name in to));
  return { ...Object.fromEntries(gone.map((name) => [name, null])), ...to };
}

/** What is staged against a commit: path and blob, the empty string for a removal. */
async function stagedBlobs(box: Sandbox, against: string): Promise<ReadonlyMap<string, string>> {
  const raw = await box.person('diff-index', '--cached', '--raw', '--no-abbrev', '--no-renames', against);
  const lines = raw.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const [facts = '', name = ''] = line.split('\t');
      const blob = facts.split(' ')[3] ?? '';
      return [name, /^0+$/.test(blob) ? '' : blob];
    }),
  );
}
