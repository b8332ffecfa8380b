import type { BeadDraft, BeadType, Priority } from './bead.ts';
import type { BeadId } from './ids.ts';

/** A goal as beads, before they have ids: what the planner proposes and a person edits in `plan.rigs.md`. */
export interface Plan {
  readonly goal: string;
  readonly beads: readonly PlanBead[];
}

export interface PlanBead {
  /** Short slug that is unique in its plan; others depend on it by this. */
  readonly key: string;
  readonly title: string;
  readonly type: BeadType;
  readonly priority: Priority;
  readonly dependsOn: readonly string[];
  /** Globs of files it is expected to change. */
  readonly touches: readonly string[];
  /** Tokens. */
  readonly estimate: number | null;
  readonly provider: string | null;
  readonly description: string;
  readonly criteria: readonly string[];
}

/** A plan as somebody worded it, types and priorities not yet known to be any: what can be printed. */
export interface PlanWords {
  readonly goal: string;
  readonly beads: readonly BeadWords[];
}

export type BeadWords = Omit<PlanBead, 'type' | 'priority'> & {
  readonly type: string;
  readonly priority: string;
};

export type PlanProblemCode =
  | 'no_beads'
  | 'empty_title'
  | 'bad_key'
  | 'duplicate_key'
  | 'unknown_type'
  | 'unknown_priority'
  | 'unknown_dependency'
  | 'cycle'
  | 'bad_estimate'
  | 'bad_provider'
  | 'unknown_field'
  | 'duplicate_field'
  | 'open_comment';

/** Something wrong at a place of the text; `words/plan.ts` says it. Columns are UTF-16 units, the end exclusive. */
export interface PlanProblem extends PlanPlace {
  readonly code: PlanProblemCode;
  readonly facts: Readonly<Record<string, string | number | readonly string[]>>;
  /** A plan with an error is not executed; a warning only tells. */
  readonly severity: 'error' | 'warning';
}

export interface PlanPlace {
  /** Counted from 0. */
  readonly line: number;
  readonly startColumn: number;
  readonly endColumn: number;
}

export function hasErrors(problems: readonly PlanProblem[]): boolean {
  return problems.some((one) => one.severity === 'error');
}

/**
 * Drafts with real ids, dependencies rewritten from keys, in the plan's order: what `createConvoy` takes.
 * For a plan without errors; a dependency on a key that is not there is left out.
 */
export function planToDrafts(
  plan: Plan,
  draw: (taken: (id: BeadId) => boolean) => BeadId,
  taken: (id: BeadId) => boolean = () => false,
): readonly { readonly bead: BeadId; readonly draft: BeadDraft }[] {
  const drawn = new Set<BeadId>();
  const ids = new Map<string, BeadId>();
  for (const { key } of plan.beads) {
    const id = draw((one) => drawn.has(one) || taken(one));
    drawn.add(id);
    ids.set(key, id);
  }
  return [...drawn].flatMap((bead, index) => {
    const one = plan.beads[index];
    return one === undefined ? [] : [{ bead, draft: draftOf(one, ids) }];
  });
}

function draftOf(bead: PlanBead, ids: ReadonlyMap<string, BeadId>): BeadDraft {
  const { title, description, type, priority, criteria, touches, estimate, provider } = bead;
  const dependencies = bead.dependsOn.flatMap((key) => ids.get(key) ?? []);
  return {
    title,
    description,
    type,
    priority,
    criteria,
    dependencies: [...new Set(dependencies)],
    touches,
    labels: [],
    estimate,
    preferredProvider: provider,
    source: { kind: 'goal' },
  };
}
