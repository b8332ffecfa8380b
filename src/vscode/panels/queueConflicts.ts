import { type MergeRequest, openStages } from '../../town/mergeRequest.ts';
import { plain } from '../../words/plain.ts';
import type { Translate } from '../../words/translate.ts';
import { maxName, maxText } from '../messages/fields.ts';
import { rigLimit } from '../messages/queueBatch.ts';
import {
  type ConflictMatrix,
  type ConflictsForeseen,
  type DrawnConflict,
  conflictFiles,
  foreseenLimit,
} from '../messages/queueConflicts.ts';
import type { Foreseen, Town } from '../town.ts';
import { requestLine } from './requestLine.ts';
import { type KeyedRig, openRigs } from './rigs.ts';
import { titleOf } from './titleOf.ts';

interface Deps {
  readonly town: Town;
  readonly translate: Translate;
  /** When it is. */
  readonly now: () => number;
  readonly log: { warn(message: string, ...rest: unknown[]): void };
  readonly tell: (message: ConflictsForeseen) => void;
}

/** Looks which open requests conflict, while somebody sees it: once for each change of what is in line or landed. */
export class QueueConflicts {
  readonly #deps: Deps;
  #told = '';
  #looking = false;
  #again = false;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Its page is new and knows nothing. */
  forget(): void {
    this.#told = '';
  }

  /** Something changed; asks nobody when it is nothing of this. */
  look(): void {
    const { town, now } = this.#deps;
    const rigs = openRigs(town).slice(0, rigLimit);
    const mark = JSON.stringify(rigs.map((rig) => [rig.key, rig.name, ...markOf(rig, now())]));
    if (mark === this.#told) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#told = mark;
    void this.#tell(rigs);
  }

  async #tell(rigs: readonly KeyedRig[]): Promise<void> {
    this.#looking = true;
    try {
      const drawn = await Promise.all(rigs.map((rig) => this.#matrixOf(rig)));
      this.#deps.tell({ type: 'conflicts', rigs: drawn });
    } finally {
      this.#looking = false;
      if (this.#again) {
        this.#again = false;
        this.look();
      }
    }
  }

  async #matrixOf(keyed: KeyedRig): Promise<ConflictMatrix> {
    const { state } = keyed.rig.control;
    const open = openOf(keyed, this.#deps.now());
    const requests = open.slice(0, foreseenLimit);
    const found = requests.length === 0 ? null : await this.#foreseen(keyed, requests);
    const problem = found !== null && 'problem' in found ? found.problem : null;
    return {
      rig: keyed.key,
      rigName: keyed.name,
      target: plain(state.rig?.target ?? '', maxName),
      requests: requests.map((one) => ({ id: one.id, bead: one.bead, title: titleOf(state, one) })),
      conflicts: found === null || 'problem' in found ? [] : conflictsOf(found, requests),
      hidden: open.length - requests.length,
      problem,
    };
  }

  async #foreseen(
    { rig, name }: KeyedRig,
    requests: readonly MergeRequest[],
  ): Promise<Foreseen | { readonly problem: string }> {
    const { town, translate, log } = this.#deps;
    const target = rig.control.state.rig?.target ?? '';
    try {
      const found = await town.foresee(
        rig.control,
        requests.map(({ head }) => head),
      );
      return found ?? { problem: plain(translate('{target} is not there.', { target }), maxText) };
    } catch (error) {
      log.warn(`What conflicts in ${name} could not be foreseen.`, error);
      const message = error instanceof Error ? error.message : String(error);
      return {
        problem: plain(translate('What conflicts could not be told: {message}', { message }), maxText),
      };
    }
  }
}

function openOf({ rig }: KeyedRig, now: number): readonly MergeRequest[] {
  return requestLine(rig.control.state, now).filter(({ stage }) => openStages.includes(stage));
}

/**
 * What is compared, and by what it is known that the target moved. Not their order, which changes with time alone: a
 * queue in which nothing happens asks nothing.
 */
function markOf(keyed: KeyedRig, now: number): readonly unknown[] {
  const { state } = keyed.rig.control;
  const { batch } = state.queue;
  const landed = Object.values(state.requests).filter(({ stage }) => stage === 'landed').length;
  const heads = openOf(keyed, now).map(({ id, head }) => `${id} ${head}`);
  return [state.rig?.target, landed, batch?.chain?.onto, heads.sort()];
}

function conflictsOf({ target, conflicts }: Foreseen, requests: readonly MergeRequest[]): DrawnConflict[] {
  const byPair = new Map<string, readonly string[]>();
  for (const { one, other, files } of conflicts) {
    byPair.set(`${one} ${other}`, files);
    byPair.set(`${other} ${one}`, files);
  }
  return requests.flatMap(({ head }, one) => {
    const conflictWith = (other: string, place: number | null): readonly DrawnConflict[] => {
      const files = byPair.get(`${head} ${other}`) ?? [];
      return files.length === 0 ? [] : [drawn(one, place, files)];
    };
    const before = requests.slice(0, one).flatMap((other, place) => conflictWith(other.head, place));
    return [...conflictWith(target, null), ...before];
  });
}

function drawn(one: number, other: number | null, files: readonly string[]): DrawnConflict {
  const named = files.slice(0, conflictFiles).map((file) => plain(file, maxName));
  return { one, other, files: named, moreFiles: files.length - named.length };
}
