import assert from 'node:assert/strict';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { History } from '../../bench/mergeQueue/history.ts';
import { tryOut } from '../../bench/mergeQueue/trial.ts';
import { say } from '../../harness/toolchain.mjs';
import { RegistryUnreachable } from './publishedPackage.ts';

/** Small, and quickly parsed. */
const wanted = { registry: 'npm', name: 'ms', versions: 10, needs: [], tested: false } as const;

describe('what a published package changed from version to version', function () {
  this.timeout(120_000);
  let place: string;
  let history: History;

  before(async function () {
    place = await realpath(await mkdtemp(path.join(tmpdir(), 'rigs-history-')));
    try {
      history = await History.fetch(wanted, place);
    } catch (error) {
      if (!(error instanceof RegistryUnreachable)) throw error;
      say(`  NOT TESTED on the history of a package: the registry cannot be reached (${error.message}).`);
      this.skip();
    }
  });

  after(() => rm(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

  it('lands through the merge queue as it would one by one, but for what is broken', async () => {
    const branches = await history.branchOff({ seed: 3, branches: 6, percent: 25 });
    assert.ok(branches.length >= 5 && branches.some(({ broken }) => broken), JSON.stringify(branches));
    const { queue, serial, mistakes } = await tryOut(history, branches, history.definition());
    assert.deepEqual(mistakes, []);
    assert.deepEqual(queue.fates, serial.fates);
    assert.ok(Object.values(queue.fates).includes('landed'));
  });
});
