import assert from 'node:assert/strict';
import {
  appendFile,
  mkdir,
  mkdtemp,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { followJsonl, newestFile } from '../../../src/providers/tail.ts';
import { ManualClock } from '../../fakes/manualClock.ts';

describe("following a vendor's JSON lines", () => {
  let folder: string;
  let file: string;
  let clock: ManualClock;
  let stop: AbortController;
  let rows: unknown[];
  let following: Promise<void>;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rigs-tail-'));
    file = path.join(folder, 'rows.jsonl');
    clock = new ManualClock();
    stop = new AbortController();
    rows = [];
  });

  afterEach(async () => {
    stop.abort();
    await following;
    await rm(folder, { recursive: true, force: true });
  });

  function follow(onRow: (row: unknown) => void = (row) => rows.push(row)): void {
    following = followJsonl(file, onRow, stop.signal, { clock, everyMs: 100 });
  }

  /** Disk and not time is what is waited for: looks until the rows are as many, then once more. */
  async function seen(count: number): Promise<readonly unknown[]> {
    const deadline = Date.now() + 10_000;
    while (rows.length < count && Date.now() < deadline) await clock.advance(100);
    await looks();
    return rows;
  }

  async function looks(): Promise<void> {
    for (let look = 0; look < 5; look += 1) await clock.advance(100);
  }

  it('hands over what stands there and what comes, in order and once', async () => {
    await writeFile(file, '{"n":1}\n{"n":2}\n');
    follow();
    await seen(2);
    await appendFile(file, '{"n":3}\n');
    assert.deepEqual(await seen(3), [{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('waits for a file that is not there yet', async () => {
    follow();
    await looks();
    await writeFile(file, '"late"\n');
    assert.deepEqual(await seen(1), ['late']);
  });

  it('waits for the end of a torn last line, also in the middle of a character', async () => {
    const line = Buffer.from('{"word":"grün"}\n');
    await writeFile(file, line.subarray(0, 12));
    follow();
    await looks();
    assert.deepEqual(rows, []);
    await appendFile(file, line.subarray(12));
    assert.deepEqual(await seen(1), [{ word: 'grün' }]);
  });

  it('passes over what is no JSON', async () => {
    await writeFile(file, '\n{"half":\n\u0000\u0000\n{"n":1}\r\n[2]\n');
    follow();
    assert.deepEqual(await seen(2), [{ n: 1 }, [2]]);
  });

  it('reads lines longer than one piece', async () => {
    const long = 'x'.repeat(700_000);
    await writeFile(file, `"${long}"\n"short"\n`);
    follow();
    assert.deepEqual(await seen(2), [long, 'short']);
  });

  it('keeps nothing of a line without end, and goes on after it', async function () {
    this.timeout(10_000);
    await writeFile(file, 'x'.repeat(33 * 1024 * 1024));
    await appendFile(file, '\n"after"\n');
    follow();
    assert.deepEqual(await seen(1), ['after']);
  });

  it('reads the rest of a file that was rotated away, and then the new one', async () => {
    await writeFile(file, '1\n');
    follow();
    await seen(1);
    await appendFile(file, '2\n');
    await rename(file, `${file}.1`);
    await writeFile(file, '3\n');
    assert.deepEqual(await seen(3), [1, 2, 3]);
  });

  it('tells nothing twice of a file that was written anew with the same beginning', async () => {
    await writeFile(file, '1\n2\n');
    follow();
    await seen(2);
    await writeFile(`${file}.draft`, '1\n2\n3\n');
    await rename(`${file}.draft`, file);
    assert.deepEqual(await seen(3), [1, 2, 3]);
  });

  it('begins again after a cut', async () => {
    await writeFile(file, '"long enough"\n');
    follow();
    await seen(1);
    await truncate(file, 0);
    await looks();
    await appendFile(file, '"new"\n');
    assert.deepEqual(await seen(2), ['long enough', 'new']);
  });

  it('waits again for a file that was removed', async () => {
    await writeFile(file, '1\n');
    follow();
    await seen(1);
    await rm(file);
    await looks();
    await writeFile(file, '2\n');
    assert.deepEqual(await seen(2), [1, 2]);
  });

  it('hands nothing over after it was stopped', async () => {
    await writeFile(file, '1\n2\n3\n');
    follow((row) => {
      rows.push(row);
      stop.abort();
    });
    await following;
    assert.deepEqual(rows, [1]);
  });

  it('says when the system does not let it read', async () => {
    await mkdir(file);
    await assert.rejects(
      followJsonl(file, () => undefined, stop.signal, { clock }),
      { code: 'EISDIR' },
    );
  });

  it('follows a file through a link', async () => {
    await writeFile(path.join(folder, 'real'), '1\n');
    await symlink(path.join(folder, 'real'), file);
    follow();
    assert.deepEqual(await seen(1), [1]);
  });
});

describe('the newest file of a folder', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rigs-newest-'));
    await mkdir(path.join(folder, '2026', '01'), { recursive: true });
    for (const [name, seconds] of [
      ['old.jsonl', 100],
      ['new.jsonl', 300],
      ['newest.txt', 400],
      ['2026/01/deep.jsonl', 500],
    ] as const) {
      await writeFile(path.join(folder, name), '');
      await utimes(path.join(folder, name), seconds, seconds);
    }
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is the one written last among those that are wanted', async () => {
    assert.equal(await newestFile(folder, (name) => name.endsWith('.jsonl')), path.join(folder, 'new.jsonl'));
  });

  it('may lie as deep as one looks', async () => {
    const deep = path.join(folder, '2026', '01', 'deep.jsonl');
    assert.equal(await newestFile(folder, (name) => name === '2026/01/deep.jsonl', 2), deep);
    assert.equal(await newestFile(folder, (name) => name.startsWith('2026'), 1), null);
  });

  it('is none where there is no folder, or nothing that is wanted', async () => {
    assert.equal(await newestFile(path.join(folder, 'none'), () => true), null);
    assert.equal(await newestFile(folder, () => false), null);
  });
});
