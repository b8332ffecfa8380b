import './hooks.ts'; Error.stackTraceLimit = 4;
const { play } = await import('./run.ts');
const { planOf } = await import('./plan.ts');
const [from, to, verbose] = process.argv.slice(2);
let bad = 0;
const t0 = performance.now();
const kinds = new Map<string, number[]>();
const sum: any = {};
for (let seed = Number(from); seed <= Number(to); seed++) {
  if (process.env['SHOW']) process.stderr.write(`${seed} `);
  const o = await play(planOf(seed));
  for (const [k, v] of Object.entries(o.tally)) sum[k] = (sum[k] ?? 0) + (v as number);
  if (o.failure) {
    bad++;
    const k = o.failure.message.replace(/[a-z]+-[0-9a-z]+(\.\d+)?|\d+/g, 'N').slice(0, 200);
    (kinds.get(k) ?? kinds.set(k, []).get(k)!).push(seed);
  }
  if (performance.now() - t0 > 50000) {
    console.log('at', seed);
    break;
  }
  if (verbose) console.log(o.lines.join('\n'));
}
console.log(
  sum,
  ((performance.now() - t0) / (Number(to) - Number(from) + 1)).toFixed(1),
  'ms/seed, cpu',
  (process.cpuUsage().user / 1000 / (Number(to) - Number(from) + 1)).toFixed(1),
);
for (const [k, s] of [...kinds].sort((a, b) => b[1].length - a[1].length))
  console.log(s.length, k, s.slice(0, 6).join(' '));
