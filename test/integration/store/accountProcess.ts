/**
 * A window's process as far as the account goes: `node accountProcess.ts FOLDER RIG STEPS`. It takes the one place there
 * is and gives it back, and says each step on its standard output once it is acknowledged. Without STEPS it never ends
 * and is there to be killed: it takes one place after the other then.
 */
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openAccount } from '../../../src/store/account/openAccount.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { session } from './accountFolder.ts';

const [folder = '', rig = '', steps = ''] = process.argv.slice(2);
const account = await openAccount({ folder, clock: systemClock, linesPerFile: 50 });

/** Fails when another process is between its place taken and its place given back. */
function inside(): void {
  const marker = join(folder, '..', 'inside');
  closeSync(openSync(marker, 'wx'));
  unlinkSync(marker);
}

function say(token: number): void {
  writeSync(1, `${String(token)}\n`);
}

async function takeTurns(count: number): Promise<void> {
  for (let token = 1; token <= count;) {
    if (!(await account.reserve(session(rig, token), 1)).granted) continue;
    inside();
    await account.release(session(rig, token));
    await account.rigSeen({ rig: `${rig}-${String(token)}`, root: folder, name: rig });
    say(token);
    token += 1;
  }
  await account.close();
}

async function takePlaces(): Promise<never> {
  const before = (await account.held()).filter((one) => one.rig === rig);
  for (let token = before.length + 1; ; token += 1) {
    await account.reserve(session(rig, token), Infinity);
    say(token);
  }
}

await (steps === '' ? takePlaces() : takeTurns(Number(steps)));
