import type * as vscode from 'vscode';
import { type ConvoyId, parseConvoyId } from '../../town/ids.ts';

/** That a plan was executed, and as which convoy. */
export interface Mark {
  readonly convoy: ConvoyId;
  /** UTC milliseconds. */
  readonly at: number;
}

const key = 'rigs.executedPlans';
/** Enough to remember every plan of a year; the oldest go. */
const most = 500;

/** Remembers over reloads which plans of this workspace were executed. */
export class PlanMarks {
  readonly #memory: Pick<vscode.Memento, 'get' | 'update'>;

  constructor(memory: Pick<vscode.Memento, 'get' | 'update'>) {
    this.#memory = memory;
  }

  of(uri: string): Mark | null {
    const one = this.#all().find(([known]) => known === uri);
    return one === undefined ? null : one[1];
  }

  async set(uri: string, mark: Mark): Promise<void> {
    const others = this.#all().filter(([known]) => known !== uri);
    await this.#memory.update(key, [[uri, mark.convoy, mark.at], ...others.map(flat)].slice(0, most));
  }

  /** What another version wrote is not trusted to have this shape. */
  #all(): readonly (readonly [string, Mark])[] {
    const found: unknown = this.#memory.get(key);
    if (!Array.isArray(found)) return [];
    return found.flatMap((row: unknown): (readonly [string, Mark])[] => {
      if (!Array.isArray(row)) return [];
      const [uri, text, at] = row as readonly unknown[];
      const convoy = typeof text === 'string' ? parseConvoyId(text) : null;
      return typeof uri === 'string' && convoy !== null && typeof at === 'number'
        ? [[uri, { convoy, at }]]
        : [];
    });
  }
}

function flat([uri, { convoy, at }]: readonly [string, Mark]): readonly unknown[] {
  return [uri, convoy, at];
}
