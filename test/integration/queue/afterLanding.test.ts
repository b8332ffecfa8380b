import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { gitHub } from '../../../src/foreman/forge/gitHub.ts';
import { type AfterLanding } from '../../../src/town/aftermath.ts';
import { aftermathOf } from '../../../src/town/redTarget.ts';
import type { CheckDefinition } from '../../../src/town/check.ts';
import type { RequestId } from '../../../src/town/ids.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from '../git/sandbox.ts';
import { GhProgram } from './ghProgram.ts';
import { QueueRig, gitNow } from './queueRig.ts';

/** Green alone, red together. */
const notBoth: CheckDefinition = {
  ...{ name: 'test', command: process.execPath, timeoutMs: 20_000 },
  args: ['-e', "const { existsSync: is } = require('node:fs'); process.exit(is('one') && is('two') ? 1 : 0)"],
};

describe('A target after something landed', function () {
  this.timeout(60_000);
  withoutPersonalConfig();
  let box: Sandbox;
  let rig: QueueRig | null = null;
  let bare: string;
  let gh: GhProgram;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n' });
    bare = path.join(box.folder, 'remote.git');
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare]);
  });
  afterEach(async () => {
    await rig?.close();
    rig = null;
    await box.end();
  });

  const open = async (afterLanding: AfterLanding): Promise<QueueRig> =>
    (rig = await QueueRig.open(box, { afterLanding }));
  const forged = async (afterLanding: AfterLanding): Promise<QueueRig> => {
    const address = 'https://github.com/acme/app.git';
    await box.person('remote', 'add', 'origin', address);
    await box.person('config', `url.${bare}.insteadOf`, address);
    await box.person('push', '--quiet', 'origin', 'main');
    gh = new GhProgram(box.folder, bare);
    return (rig = await QueueRig.open(box, {
      ...{ style: 'pullRequest', definitions: [notBoth], afterLanding },
      forge: (git) => gitHub({ git, environment: () => gh.environment() }),
    }));
  };
  const branch = async (name: string): Promise<void> => {
    await box.person('branch', name, await box.beside(await box.at('main'), { [name]: `${name}\n` }));
  };
  const happened = (one: QueueRig, what: string): number =>
    one.memory.journal.flatMap(({ events }) => events).filter(({ type }) => type === what).length;
  const reds = (one: QueueRig): readonly (RequestId | null)[] =>
    needsYou(one.foreman.state).flatMap((need) => (need.kind === 'red' ? [need.request?.id ?? null] : []));
  /** Each proven alone; the forge has both. */
  const bothMerged = async (one: QueueRig): Promise<readonly RequestId[]> => {
    await branch('one');
    await branch('two');
    const ids = await one.enter('one', 'two');
    await one.until(() => ids.every((id) => one.request(id).offer?.opened === true));
    const { pulls } = gh;
    for (const name of ['one', 'two'])
      gh.merge(pulls.find(({ head }) => head === name)?.number ?? assert.fail(name), 'squash');
    await one.foreman.wish({ type: 'refreshQueue' });
    await one.until(() => ids.every((id) => one.request(id).stage === 'landed'));
    return ids;
  };

  it('costs nothing where exactly that was proven before it landed', async () => {
    const one = await open('check');
    await branch('plain');
    await one.enter('plain');
    await one.rest();
    await one.until(() => happened(one, 'target.green') === 1);
    assert.equal(one.green.size, 1, 'the look found its proof');
    assert.deepEqual(needsYou(one.foreman.state), []);
  });

  it('is not looked at where nobody wants that', async () => {
    const one = await open('off');
    await box.commit({ red: 'red\n' });
    await one.foreman.wish({ type: 'refreshQueue' });
    await one.foreman.refresh();
    assert.equal(happened(one, 'target.looking'), 0);
  });

  it('is in Needs You where somebody else turned it red, with nothing to take back, until it is mended', async () => {
    const one = await open('revert');
    await branch('plain');
    await one.enter('plain');
    await one.rest();
    await one.until(() => happened(one, 'target.green') === 1);
    await box.commit({ red: 'red\n' });
    await one.foreman.wish({ type: 'refreshQueue' });
    await one.until(() => reds(one).length === 1);
    const { red } = aftermathOf(one.foreman.state);
    assert.deepEqual([reds(one), red?.reason.code], [[null], 'target_broken']);
    assert.equal(red?.commit, await box.at('main'));
    await box.commit({ red: null });
    await one.foreman.wish({ type: 'refreshQueue' });
    await one.until(() => reds(one).length === 0);
    assert.equal(happened(one, 'target.reverting'), 0);
  });

  it('names the landing that turned it red, and leaves taking it back to its person', async () => {
    const one = await forged('check');
    const [, second] = await bothMerged(one);
    await one.until(() => reds(one)[0] === second);
    assert.equal(aftermathOf(one.foreman.state).red?.reason.code, 'target_broken_by');
    assert.equal(happened(one, 'target.reverting'), 0);
  });

  it('has exactly that landing taken back by itself, where its person said so beforehand', async () => {
    const one = await forged('revert');
    const [first, second] = await bothMerged(one);
    await one.until(() => gh.pulls.length === 3);
    const revert = Object.values(one.foreman.state.requests).find(({ reverts }) => reverts !== undefined);
    assert.deepEqual([revert?.reverts, revert?.approval], [second, 'rule']);
    gh.merge(3, 'squash');
    await one.foreman.wish({ type: 'refreshQueue' });
    await one.until(() => revert !== undefined && one.request(revert.id).stage === 'landed');
    await one.until(() => aftermathOf(one.foreman.state).red === null);
    assert.deepEqual(gitNow(bare, 'ls-tree', '--name-only', 'main').split('\n'), ['a.txt', 'one']);
    assert.equal(one.request(first ?? assert.fail()).stage, 'landed');
    assert.deepEqual(aftermathOf(one.foreman.state).reverted, [second]);
  });
});
