import { deepEqual, equal, ok } from 'node:assert/strict';
import { mkdir, mkdtemp, readlink, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import * as vscode from 'vscode';
import { pathCommands } from '../../src/vscode/commands/path.ts';
import { commands } from '../../src/vscode/contract.ts';
import { inPathOf, offerRigs, remember } from '../../src/vscode/path/offerRigs.ts';
import { putInPath } from '../../src/vscode/path/rigsInPath.ts';
import type { Tools } from '../../src/vscode/tools.ts';
import { fakeMemento } from '../fakes/fakeMemento.ts';
import { SurfaceUnderTest } from './surfaceUnderTest.ts';

describe('The rigs command in terminals', () => {
  let root: string;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'offer-')));
  });
  afterEach(() => rm(root, { recursive: true }));

  function place(): {
    readonly context: Pick<vscode.ExtensionContext, 'environmentVariableCollection' | 'globalState'>;
    readonly prepended: unknown[];
  } {
    const prepended: unknown[] = [];
    const collection = {
      persistent: false,
      description: '',
      prepend: (name: string, value: string) => prepended.push([name, value]),
    };
    const context = { environmentVariableCollection: collection, globalState: fakeMemento() };
    return {
      context: context as unknown as Pick<
        vscode.ExtensionContext,
        'environmentVariableCollection' | 'globalState'
      >,
      prepended,
    };
  }
  const log = {
    warn: (message: string): void => {
      ok(false, message);
    },
  };

  it('stands first on PATH, and the editor can say who put it there', async () => {
    const { context, prepended } = place();
    await offerRigs(context, join(root, 'bin'), log);
    deepEqual(prepended, [['PATH', join(root, 'bin') + delimiter]]);
    ok(context.environmentVariableCollection.description);
    equal(inPathOf(context), null);
  });

  it('leads to this version from where a person had it put', async function () {
    if (process.platform === 'win32') this.skip(); // there it is a file and no link
    const { context } = place();
    await mkdir(join(root, 'old'));
    const put = await putInPath(join(root, 'mine'), join(root, 'old'), null, 'linux');
    ok(put.kind === 'put');
    await remember(context, put.inPath);
    await offerRigs(context, join(root, 'new'), log);
    equal(await readlink(put.inPath.file), join(root, 'new', 'rigs'));
    equal(inPathOf(context)?.target, join(root, 'new', 'rigs'));
  });

  it('is put into no folder as a link to nothing: why is said instead', async () => {
    const under = await SurfaceUnderTest.make();
    try {
      under.replace(vscode.window, 'showQuickPick', () => {
        throw new Error('no folder is to be asked for');
      });
      for (const rigsBin of [() => Promise.resolve(null), () => Promise.resolve(join(root, 'none'))]) {
        const { context } = place();
        await pathCommands({ context, rigsBin } as unknown as Tools)[commands.installInPath]();
        equal(under.said.pop(), 'The rigs command could not be set up; the log says why.');
      }
    } finally {
      await under.dispose();
    }
  });
});
