import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Runs git as a person would; the answer of the bench's baseline, so none of the product's care is in it. */
export async function plainGit(cwd: string, ...args: string[]): Promise<void> {
  await promisify(execFile)('git', args, { cwd });
}

/** A repository of 10,000 files of about 1 KiB, packed as a clone is. */
export async function makeBigRepository(folder: string): Promise<void> {
  for (let directory = 0; directory < 100; directory += 1) {
    const inside = join(folder, 'src', `part${String(directory)}`);
    await mkdir(inside, { recursive: true });
    const files = Array.from({ length: 100 }, (_, file) => `${String(directory)}.${String(file)}\n`);
    await Promise.all(
      files.map((text, file) => writeFile(join(inside, `file${String(file)}.txt`), text.repeat(180))),
    );
  }
  await plainGit(folder, 'init', '--quiet', '--initial-branch=main');
  await plainGit(folder, 'config', 'gc.auto', '0'); // a gc that starts by itself would be in the way of ours
  await plainGit(folder, 'add', '.');
  const who = ['-c', 'user.name=Rigs Bench', '-c', 'user.email=bench@example.invalid'];
  await plainGit(folder, ...who, 'commit', '--quiet', '--message', 'Start');
  await plainGit(folder, 'gc', '--quiet');
}
