import type { SecretStorage } from 'vscode';
import { claudeKeySecret } from './contract.ts';

/** The person's key for Claude: the editor's secret storage first, then the environment. Null: there is none. */
export async function claudeKey(
  secrets: Pick<SecretStorage, 'get'>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | null> {
  const key = (await secrets.get(claudeKeySecret)) ?? env['ANTHROPIC_API_KEY'] ?? '';
  return key === '' ? null : key;
}
