import * as vscode from 'vscode';
import { builtIn } from '../../town/polecat.ts';
import { apiVendors } from '../../ports/apis.ts';
import { settingKeys } from '../../config/settingKeys.ts';
import { nameOf } from '../../words/nameOf.ts';
import { commands } from '../contract.ts';
import { keySecret } from '../providerKey.ts';
import { tell } from '../say.ts';
import { settingsReader } from '../settingsReader.ts';
import { parseSubject } from '../subject.ts';
import type { Handlers, Tools } from '../tools.ts';

type Names = 'setApiKey' | 'tryRehearsal' | 'openSettings' | 'showLog';

/** Keys, settings, log and rehearsal. */
export function appCommands(tools: Tools): Handlers<(typeof commands)[Names]> {
  return {
    [commands.setApiKey]: async (...args) => {
      const provider = providerIn(args[0]) ?? (await chooseProvider());
      if (provider !== null) await setKey(tools, provider);
    },
    [commands.tryRehearsal]: () => tools.tryRehearsal(),
    [commands.openSettings]: async (...args) => {
      const key = settingKeys.find((one) => one === args[0]);
      const query = key ?? `@ext:${tools.context.extension.id}`;
      await vscode.commands.executeCommand('workbench.action.openSettings', query);
    },
    [commands.showLog]: () => {
      tools.log.show();
    },
  };
}

/** The row's, as far as it is about models. */
function providerIn(argument: unknown): string | null {
  const subject = parseSubject(argument);
  return subject?.kind === 'runner' && subject.runner === builtIn ? (subject.provider ?? null) : null;
}

const claude = 'claude';
/** These ask for no key. */
const keyless: readonly string[] = ['ollama', 'vscode'];

async function chooseProvider(): Promise<string | null> {
  const own = settingsReader.read('rigs.providers.compatible').filter(({ apiKeyEnv }) => apiKeyEnv !== null);
  const names = [...apiVendors.filter((one) => !keyless.includes(one)), ...own.map(({ name }) => name)];
  const items = names.map((provider) => ({ label: nameOf(provider), provider }));
  const title = vscode.l10n.t('Set API Key');
  return (await vscode.window.showQuickPick(items, { title }))?.provider ?? null;
}

/** The key goes into the editor's secret storage and nowhere else; an empty one takes it out. */
async function setKey({ context }: Tools, provider: string): Promise<void> {
  const secret = keySecret(provider);
  const had = (await context.secrets.get(secret)) !== undefined;
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t('{provider} API Key', { provider: nameOf(provider) }),
    prompt: had
      ? vscode.l10n.t('A key is set. Type a new one, or leave it empty to remove it.')
      : vscode.l10n.t('It is kept in the secret storage of this editor.'),
    ...(provider === claude ? { placeHolder: 'sk-ant-…' } : {}),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      /\s/.test(text.trim()) ? vscode.l10n.t('A key has no spaces in it.') : undefined,
  });
  if (key === undefined) return;
  if (key.trim() !== '') {
    await context.secrets.store(secret, key.trim());
    tell(vscode.l10n.t('The key is set.'));
  } else if (had) {
    await context.secrets.delete(secret);
    tell(vscode.l10n.t('The key was removed.'));
  }
}
