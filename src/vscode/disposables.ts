/** Whatever can be let go of. The editor's own class of that name also counts. */
export interface Owned {
  dispose(): void;
}

/** Owns what was registered under it, and lets go in the opposite order. */
export class Disposables implements Owned {
  private readonly owned: Owned[] = [];

  add<T extends Owned>(one: T): T {
    this.owned.push(one);
    return one;
  }

  dispose(): void {
    for (let one = this.owned.pop(); one !== undefined; one = this.owned.pop()) one.dispose();
  }
}
