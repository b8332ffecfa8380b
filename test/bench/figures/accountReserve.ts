import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccount } from '../../../src/store/account/openAccount.ts';
import { seal } from '../../../src/store/sealedLine.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { PolecatId } from '../../../src/town/ids.ts';
import { type Measurement, figure } from '../figure.ts';
import { interleaved } from '../ratio.ts';

/** One place taken or given back, against writing and syncing the same bytes and nothing else. */
async function measure(): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'rigs-bench-'));
  const fd = openSync(join(folder, 'raw'), 'a');
  const account = await openAccount({ folder: join(folder, 'account'), clock: systemClock });
  try {
    const session = (token: number) =>
      ({
        rig: 'rig',
        polecat: `nux-${String(token)}` as PolecatId,
        token,
        tank: 'tank',
        model: 'model',
        need: null,
        spool: folder,
      }) as const;
    // A few agents run already.
    for (let token = 1; token <= 5; token += 1) await account.reserve(session(token), 10);
    const [one] = await account.held();
    const taking = { type: 'reservation.made', reservation: one };
    const sameBytes = Buffer.from(seal({ v: 1, seq: 1, at: 1, events: [taking] }));
    let turn = 0;
    const { subjectMs, baselineMs, runs } = await interleaved({
      subject: async () => {
        turn += 1;
        // Taken and given back by turns.
        const token = 6 + ((turn - 1) >> 1);
        if (turn % 2 === 1) await account.reserve(session(token), 10);
        else await account.release(session(token));
      },
      baseline: () => {
        writeSync(fd, sameBytes);
        fdatasyncSync(fd);
      },
      warmUp: 500,
      rounds: 2_000,
    });
    return { value: subjectMs, baseline: baselineMs, runs };
  } finally {
    await account.close();
    closeSync(fd);
    rmSync(folder, { recursive: true });
  }
}

figure({
  name: 'account.reserve',
  unit: 'ms',
  target: null,
  against: 'append + fdatasync of the same bytes, ms',
  measure,
});
