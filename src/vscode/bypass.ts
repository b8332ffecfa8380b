import * as vscode from 'vscode';
import type { BypassAllowed } from './compose/rigSettings.ts';
import type { SettingKey } from '../config/settingKeys.ts';
import { type VendorRunner, commands, vendorNames, vendorSettings } from './contract.ts';
import { Disposables, type Owned } from './disposables.ts';
import { settingsReader } from './settingsReader.ts';

/**
 * Where the person's word is kept, followed by the setting and where it was found set. A key each: windows write the
 * same memory, and one would take the other's word away with an object of its own.
 */
const memoryPrefix = 'rigs.bypass.confirmed ';
type Memory = Pick<vscode.Memento, 'get' | 'update' | 'keys'>;

const runners = Object.keys(vendorNames) as readonly VendorRunner[];

type ModeKey = Extract<SettingKey, `rigs.${string}.mode`>;
const modeKey = (runner: VendorRunner): ModeKey => `rigs.${vendorSettings[runner]}.mode`;

/**
 * Which `bypass` the person confirmed. One that a folder brings along is another than their own: what they said for
 * their own settings says nothing about it.
 */
export function bypassAllowed(memory: Memory): BypassAllowed {
  return (runner, scope) => {
    const place = placeOf(runner, scope);
    return vscode.workspace.isTrusted && place !== null && isConfirmed(memory, place);
  };
}

function isConfirmed(memory: Memory, place: string): boolean {
  return memory.get<unknown>(memoryPrefix + place) === true;
}

function confirmedIn(memory: Memory): readonly string[] {
  return memory
    .keys()
    .filter((key) => key.startsWith(memoryPrefix))
    .map((key) => key.slice(memoryPrefix.length));
}

function setByUser(runner: VendorRunner): boolean {
  return vscode.workspace.getConfiguration().inspect<unknown>(modeKey(runner))?.globalValue === 'bypass';
}

/** Null: it is not set there. */
function placeOf(runner: VendorRunner, scope: vscode.Uri): string | null {
  const key = modeKey(runner);
  if (settingsReader.read(key, scope) !== 'bypass') return null;
  const found = vscode.workspace.getConfiguration(undefined, scope).inspect<unknown>(key);
  const fromFolder = found?.workspaceFolderValue ?? found?.workspaceValue;
  return fromFolder === undefined ? `${key} user` : `${key} ${scope.fsPath}`;
}

/** Asks about each `bypass` of the open rigs that is set and not confirmed; once a window, unless it is set anew. */
export function watchBypass(memory: Memory, folders: () => readonly string[]): Owned & { look(): void } {
  const owned = new Disposables();
  const asked = new Set<string>();
  let asking: Promise<void> = Promise.resolve();

  const forget = async (kept: ReadonlySet<string>): Promise<void> => {
    const here = new Set(folders());
    const stale = confirmedIn(memory).filter((place) => {
      const where = place.slice(place.indexOf(' ') + 1);
      return !kept.has(place) && (where === 'user' || here.has(where));
    });
    for (const place of [...asked]) if (!kept.has(place)) asked.delete(place);
    for (const place of stale) await memory.update(memoryPrefix + place, undefined);
  };

  const look = (): void => {
    const known = folders();
    if (!vscode.workspace.isTrusted || known.length === 0) return;
    const found = new Map<string, VendorRunner>();
    for (const folder of known) {
      for (const runner of runners) {
        const place = placeOf(runner, vscode.Uri.file(folder));
        if (place !== null) found.set(place, runner);
      }
    }
    // Also where a folder's own setting stands before it: it may count elsewhere.
    const kept = new Set([
      ...found.keys(),
      ...runners.filter(setByUser).map((one) => `${modeKey(one)} user`),
    ]);
    asking = asking.then(() => forget(kept));
    for (const [place, runner] of found) {
      if (asked.has(place) || isConfirmed(memory, place)) continue;
      asked.add(place);
      // One after the other: two modals at once cannot be read.
      asking = asking.then(() => ask(memory, runner, place));
    }
  };

  owned.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (runners.some((runner) => event.affectsConfiguration(modeKey(runner)))) look();
    }),
  );
  return {
    look,
    dispose: () => {
      owned.dispose();
    },
  };
}

async function ask(memory: Memory, runner: VendorRunner, place: string): Promise<void> {
  const agent = vendorNames[runner];
  const yes = vscode.l10n.t('Let It Never Ask');
  const open = vscode.l10n.t('Open Setting');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Let {agent} do everything without asking?', { agent }),
    {
      modal: true,
      detail: vscode.l10n.t(
        'The setting {key} is "bypass". Agents of {agent} would then run any command and change any file with your rights on this machine, also what a repository or a web page talks them into. Rigs shows it as long as it is on. Until you say yes, they ask.',
        { key: modeKey(runner), agent },
      ),
    },
    // The first answers Enter, which must not be the one that gives everything away.
    open,
    yes,
  );
  if (chosen === yes) await memory.update(memoryPrefix + place, true);
  if (chosen === open) await vscode.commands.executeCommand(commands.openSettings, modeKey(runner));
}
