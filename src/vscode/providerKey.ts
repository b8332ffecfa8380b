import type { SecretStorage } from 'vscode';

/** Under which the editor keeps the key of a provider. */
export function keySecret(provider: string): string {
  return `rigs.${provider}.apiKey`;
}

/**
 * The person's key for a provider: the editor's secret storage first, then the variable of the environment that they
 * named. Null: there is none.
 */
export async function providerKey(
  secrets: Pick<SecretStorage, 'get'>,
  provider: string,
  variable: string | null,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | null> {
  const around = variable === null ? undefined : env[variable];
  const key = (await secrets.get(keySecret(provider))) ?? around ?? '';
  return key === '' ? null : key;
}
