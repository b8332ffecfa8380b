import { deepEqual, equal } from 'node:assert/strict';
import type { RigsProgram } from '../../../src/providers/vendor.ts';
import { RigsInstall } from '../../../src/vscode/compose/rigsInstall.ts';

const program: RigsProgram = { bin: '/bin', hook: ['/bin/rigs', 'x'], mcp: { file: 'n', args: [], env: {} } };

describe('The rigs command of a window', () => {
  it('counts as there while it is being set up, which is done once', async () => {
    let installs = 0;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const install = (): Promise<undefined> => {
      installs += 1;
      return promise;
    };
    const rigs = new RigsInstall(program, install, () => undefined);
    const first = rigs.ready();
    equal(rigs.usable, program);
    resolve(undefined);
    deepEqual([await first, await rigs.ready(), installs], [program, program, 1]);
  });

  it('that could not be set up is not there, until it is tried again', async () => {
    const faults: unknown[] = [];
    let fault: Error | null = new Error('no room');
    const install = (): Promise<void> => (fault === null ? Promise.resolve() : Promise.reject(fault));
    const rigs = new RigsInstall(program, install, (error) => faults.push(error));
    deepEqual([await rigs.ready(), rigs.usable, faults], [null, null, [fault]]);
    fault = null;
    deepEqual([await rigs.ready(), rigs.usable], [program, program]);
  });
});
