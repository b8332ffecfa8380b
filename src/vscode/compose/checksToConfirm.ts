import { findChecks } from '../../foreman/checks/checks.ts';
import { hashChecks } from '../../foreman/checks/hash.ts';
import type { Wish } from '../../foreman/control.ts';
import { systemIds } from '../../foreman/systemIds.ts';
import type { OpenRigParts } from './rigParts.ts';

/** The checks that a person named, else those that are found, as the question that they confirm. */
export async function checksToConfirm({
  settings,
  repository,
}: Pick<OpenRigParts, 'settings' | 'repository'>): Promise<Extract<Wish, { type: 'proposeChecks' }>> {
  const definitions = settings.checks() ?? (await findChecks(repository.root));
  return { type: 'proposeChecks', ask: systemIds.ask(), definitions, hash: hashChecks(definitions) };
}
