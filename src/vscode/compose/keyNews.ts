import type { Account } from '../../ports/account.ts';
import type { TankNews } from '../../town/fuel.ts';
import { keySecret } from '../providerKey.ts';

/**
 * What accounts are told when a key was set under a name in the secret storage. One without a problem is told too: its
 * agents at work still have the old key and will be refused. Throws AccountError.
 */
export async function keyNews(
  secret: string,
  opened: Promise<Pick<Account, 'fuel'>> | null,
): Promise<readonly TankNews[]> {
  const account = await opened;
  if (account === null) return [];
  const { tanks } = await account.fuel();
  return Object.keys(tanks)
    .filter((id) => keySecret(id) === secret)
    .map((id) => ({ kind: 'mended', tank: id }));
}
