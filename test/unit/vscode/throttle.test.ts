import { deepEqual } from 'node:assert/strict';
import { throttled } from '../../../src/vscode/throttle.ts';

/** Time that passes when told to. */
function handTimers(): {
  now: () => number;
  later: (run: () => void, ms: number) => () => void;
  pass: (ms: number) => void;
} {
  let now = 1000;
  let waiting: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    later: (run, ms) => {
      const one = { at: now + ms, run };
      waiting.push(one);
      return () => {
        waiting = waiting.filter((other) => other !== one);
      };
    },
    pass: (ms) => {
      now += ms;
      const due = waiting.filter((one) => one.at <= now);
      waiting = waiting.filter((one) => one.at > now);
      for (const one of due) one.run();
    },
  };
}

describe('A throttled refresh', () => {
  it('runs at once, then at most five times a second, and once after the last request', () => {
    const timers = handTimers();
    const ran: number[] = [];
    const refresh = throttled(200, () => ran.push(timers.now() - 1000), timers);
    for (let at = 0; at < 500; at += 10) {
      refresh();
      timers.pass(10);
    }
    timers.pass(1000);
    deepEqual(ran, [0, 200, 400, 1500]);
  });

  it('forgets what was asked once it is disposed', () => {
    const timers = handTimers();
    let count = 0;
    const refresh = throttled(200, () => (count += 1), timers);
    refresh();
    refresh();
    refresh.dispose();
    timers.pass(1000);
    deepEqual(count, 1);
  });
});
