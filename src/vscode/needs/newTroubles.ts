import type { Instant } from '../../town/ids.ts';
import type { Tank } from '../../town/tank.ts';

/** Which accounts let nobody in of which a person was not told. */
export class NewTroubles {
  readonly #since: Instant;
  readonly #told = new Set<string>();

  /** What is older shows in the tree alone: it was told of then. */
  constructor(since: Instant) {
    this.#since = since;
  }

  /** Those among all that are known; asked again, they are told of. The same trouble after it was mended is a new one. */
  in(tanks: readonly Tank[]): readonly Tank[] {
    const found = tanks.filter(({ problem }) => problem !== null && problem.at >= this.#since);
    const keys = new Set(found.map(keyOf));
    for (const key of this.#told) if (!keys.has(key)) this.#told.delete(key);
    const fresh = found.filter((tank) => !this.#told.has(keyOf(tank)));
    for (const tank of fresh) this.#told.add(keyOf(tank));
    return fresh;
  }
}

/** Each of several agents may be told it in other words. */
function keyOf({ id, problem }: Tank): string {
  return `${problem?.kind ?? ''} ${id}`;
}
