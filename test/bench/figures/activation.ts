import { type Measurement, figure } from '../figure.ts';
import { inHost } from '../host/inHost.ts';
import { median } from '../ratio.ts';

/** An extension is activated once a host, so each run is a host of its own. */
const hosts = 3;

async function measure(): Promise<Measurement> {
  const all: number[] = [];
  while (all.length < hosts) all.push((await inHost('activation'))['ms'] ?? NaN);
  return { value: median(all), baseline: null, runs: all.length };
}

figure({
  name: 'activation.ms',
  unit: 'ms',
  target: null,
  against: 'load and activate() in a fresh extension host',
  measure,
});
