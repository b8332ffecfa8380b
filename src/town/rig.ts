import type { ConfirmedChecks } from './check.ts';
import type { Instant, RigId } from './ids.ts';

/** A git repository that agents work on. Its identity is the real path of its common git directory. */
export interface Rig {
  readonly id: RigId;
  readonly name: string;
  readonly commonDir: string;
  /** Branch that work lands on, as a short name. */
  readonly target: string;
  readonly adoptedAt: Instant;
  readonly parked: boolean;
  readonly checks: ConfirmedChecks | null;
  /** Command lines the person allowed for good, exactly as they were asked. */
  readonly grants: readonly string[];
}

export type RigEvent =
  | {
      readonly type: 'rig.adopted';
      readonly id: RigId;
      readonly name: string;
      readonly commonDir: string;
      readonly target: string;
      readonly at: Instant;
    }
  | { readonly type: 'rig.target'; readonly target: string; readonly at: Instant }
  | { readonly type: 'rig.parked'; readonly at: Instant }
  | { readonly type: 'rig.unparked'; readonly at: Instant }
  | { readonly type: 'rig.checks'; readonly checks: ConfirmedChecks; readonly at: Instant }
  | { readonly type: 'rig.granted'; readonly grant: string; readonly at: Instant }
  | { readonly type: 'rig.revoked'; readonly grant: string; readonly at: Instant };

export function foldRig(rig: Rig | null, event: RigEvent): Rig | null {
  if (event.type === 'rig.adopted') {
    const { id, name, commonDir, target, at } = event;
    return { id, name, commonDir, target, adoptedAt: at, parked: false, checks: null, grants: [] };
  }
  return rig === null ? null : { ...rig, ...changes(rig, event) };
}

function changes(rig: Rig, event: Exclude<RigEvent, { type: 'rig.adopted' }>): Partial<Rig> {
  switch (event.type) {
    case 'rig.target':
      return { target: event.target };
    case 'rig.parked':
      return { parked: true };
    case 'rig.unparked':
      return { parked: false };
    case 'rig.checks':
      return { checks: event.checks };
    case 'rig.granted':
      return rig.grants.includes(event.grant) ? {} : { grants: [...rig.grants, event.grant] };
    case 'rig.revoked':
      return { grants: rig.grants.filter((grant) => grant !== event.grant) };
  }
}
