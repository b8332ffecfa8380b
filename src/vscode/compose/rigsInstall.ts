import type { RigsProgram } from '../../providers/vendor.ts';

/**
 * The `rigs` command of a window while it is being set up. Which program carries its calls is tried out, which takes
 * longer than a rig may wait for at its opening; only who starts an agent waits for it.
 */
export class RigsInstall {
  /** How it is called once it is there. */
  readonly program: RigsProgram;
  readonly #install: () => Promise<unknown>;
  readonly #failed: (error: unknown) => void;
  #ready: Promise<RigsProgram | null> | null = null;
  #hasFailed = false;

  /** `failed` is told of every attempt that did. */
  constructor(program: RigsProgram, install: () => Promise<unknown>, failed: (error: unknown) => void) {
    this.program = program;
    this.#install = install;
    this.#failed = failed;
  }

  /** Null when it could not be set up; as long as that is open, it counts as there. */
  get usable(): RigsProgram | null {
    return this.#hasFailed ? null : this.program;
  }

  /** Waits until it is there; null: it could not be set up, which the next call tries again. */
  ready(): Promise<RigsProgram | null> {
    this.#ready ??= this.#install().then(
      () => {
        this.#hasFailed = false;
        return this.program;
      },
      (error: unknown) => {
        this.#ready = null;
        this.#hasFailed = true;
        this.#failed(error);
        return null;
      },
    );
    return this.#ready;
  }
}
