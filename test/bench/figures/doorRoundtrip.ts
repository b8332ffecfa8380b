import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call } from '../../../src/gateway/client.ts';
import { openDoor } from '../../../src/gateway/server.ts';
import { openTokenBook } from '../../../src/gateway/tokens.ts';
import { polecatId } from '../../../src/town/ids.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { fakeDesk, fakeRun } from '../../integration/gateway/fixtures.ts';
import { type Measurement, figure } from '../figure.ts';
import { interleaved } from '../ratio.ts';

const usage = { id: randomUUID(), usage: { input: 1, cachedInput: 2, output: 3 } };

/** What an agent says and is answered, proof and secret included, against the same bytes to a server that obeys anyone. */
async function measure(): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'rigs-bench-'));
  const home = join(folder, 'door');
  const tokens = await openTokenBook(join(folder, 'tokens.json'));
  const secret = await tokens.issue({ polecat: polecatId('nux', 1), token: 1 });
  const door = await openDoor({
    home,
    desk: fakeDesk(),
    rig: new FakeControl(),
    run: fakeRun,
    tokens,
    epoch: 1,
    limits: { perSecond: Infinity, burst: Infinity, waiting: 9, patient: 9 },
  });
  const bare = createServer((asked, answer) => {
    asked.resume().on('end', () => answer.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
  const { port } = bare.address() as AddressInfo;
  try {
    const { subjectMs, baselineMs, runs } = await interleaved({
      subject: () => call(home, secret, 'usage', usage),
      baseline: () => post(port, JSON.stringify(usage)),
      warmUp: 300,
      rounds: 1_000,
    });
    return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
  } finally {
    bare.close();
    await door.close();
    rmSync(folder, { recursive: true });
  }
}

function post(port: number, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', method: 'POST', agent: false, headers }, (answer) => {
      answer.resume().on('end', resolve);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

figure({
  name: 'door.roundtrip',
  unit: 'x',
  target: null,
  against: 'bare node:http POST, ms',
  measure,
});
