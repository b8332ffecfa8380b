import type { Command } from '../command.ts';
import { type Draft, type Refusal, refused } from './draft.ts';

type RigCommand = Extract<
  Command,
  {
    type:
      | 'adoptRig'
      | 'setTarget'
      | 'parkRig'
      | 'unparkRig'
      | 'stopTown'
      | 'startTown'
      | 'confirmChecks'
      | 'proposeChecks'
      | 'revokeGrant';
  }
>;

export function decideRig(draft: Draft, command: RigCommand): Refusal | null {
  const { at } = draft;
  const { rig, stopped } = draft.state;
  if (command.type === 'adoptRig') {
    if (rig !== null) return refused('already_exists', { what: 'rig', id: rig.name });
    const { id, name, commonDir, target } = command;
    draft.emit({ type: 'rig.adopted', id, name, commonDir, target, at });
    return null;
  }
  if (rig === null) return refused('no_such', { what: 'rig', id: '' });
  switch (command.type) {
    case 'setTarget':
      if (command.target !== rig.target) draft.emit({ type: 'rig.target', target: command.target, at });
      return null;
    case 'parkRig':
      if (!rig.parked) draft.emit({ type: 'rig.parked', at });
      return null;
    case 'unparkRig':
      if (rig.parked) draft.emit({ type: 'rig.unparked', at });
      return null;
    case 'stopTown':
      if (!stopped) draft.emit({ type: 'town.stopped', at });
      return null;
    case 'startTown':
      if (stopped) draft.emit({ type: 'town.started', at });
      return null;
    case 'confirmChecks':
      draft.emit({ type: 'rig.checks', checks: command.checks, at });
      for (const ask of openChecksAsks(draft))
        draft.emit({ type: 'ask.answered', ask: ask.id, answer: 'allow', at });
      return null;
    case 'proposeChecks':
      return proposeChecks(draft, command);
    case 'revokeGrant':
      if (!rig.grants.includes(command.grant))
        return refused('no_such', { what: 'grant', id: command.grant });
      draft.emit({ type: 'rig.revoked', grant: command.grant, at });
      return null;
  }
}

function openChecksAsks(draft: Draft): readonly { readonly id: keyof Draft['state']['asks'] }[] {
  return Object.values(draft.state.asks).filter(
    (ask) => ask.subject.kind === 'checks' && ask.answer === null,
  );
}

function proposeChecks(
  draft: Draft,
  command: Extract<RigCommand, { type: 'proposeChecks' }>,
): Refusal | null {
  if (draft.state.rig?.checks?.hash === command.hash) return null;
  const open = Object.values(draft.state.asks).filter(
    (ask) => ask.subject.kind === 'checks' && ask.answer === null,
  );
  if (open.some((ask) => ask.subject.kind === 'checks' && ask.subject.hash === command.hash)) return null;
  for (const ask of open) draft.emit({ type: 'ask.answered', ask: ask.id, answer: 'dismiss', at: draft.at });
  draft.raise(command.ask, null, { kind: 'checks', definitions: command.definitions, hash: command.hash });
  return null;
}
