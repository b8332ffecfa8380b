import { FailedNames, type TestResults } from './results.ts';

interface Below {
  readonly failed: string[][];
  seen: number;
}

/** Deeper than anybody nests; what lies below counts as lying here. */
const deepest = 20;
const mostKept = 200;

/**
 * Results that are told from the inside out: what lies deeper and was told since belongs to the next one above it. A
 * suite fails with its tests, so only the innermost failures are named, by all the names around them.
 */
export class NestedResults {
  readonly #below: (Below | undefined)[] = [];
  #passed = 0;

  tell(depth: number, name: string, outcome: 'passed' | 'failed' | 'left'): void {
    const at = Math.min(depth, deepest);
    const inner = this.#takeBelow(at);
    const here = (this.#below[at] ??= { failed: [], seen: 0 });
    here.seen += 1;
    if (outcome === 'left') return;
    if (outcome === 'passed' && inner.seen === 0) this.#passed += 1;
    const names = inner.failed.length > 0 ? inner.failed : outcome === 'failed' ? [[]] : [];
    for (const one of names) if (here.failed.length < mostKept) here.failed.push([name, ...one]);
  }

  /** Also what an output that was cut left without the names around it. */
  results(): TestResults {
    const failed = new FailedNames();
    for (const below of this.#below) for (const names of below?.failed ?? []) failed.add(...names);
    return { failed: failed.list, passed: this.#passed };
  }

  #takeBelow(depth: number): Below {
    const taken = this.#below.splice(depth + 1).filter((one) => one !== undefined);
    return {
      failed: taken.flatMap((one) => one.failed).slice(0, mostKept),
      seen: taken.reduce((sum, one) => sum + one.seen, 0),
    };
  }
}
