import { plain } from './plain.ts';

/** Providers and accounts that Rigs knows, as they are called. */
const names: Readonly<Record<string, string | undefined>> = {
  claude: 'Claude',
  'claude-code': 'Claude Code',
  codex: 'Codex',
  gemini: 'Gemini',
  'gemini-cli': 'Gemini CLI',
  openai: 'OpenAI',
  deepseek: 'DeepSeek',
  ollama: 'Ollama',
  vscode: 'VS Code',
};

/** What a person calls a provider or an account, by its id; one that Rigs does not know is called as they named it. */
export function nameOf(id: string): string {
  const known = Object.hasOwn(names, id) ? names[id] : undefined;
  return known ?? plain(id, 60);
}
