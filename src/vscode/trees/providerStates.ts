import * as vscode from 'vscode';
import type { Seat } from '../../town/polecat.ts';
import { providerKey } from '../providerKey.ts';
import { claudeKeySecret } from '../contract.ts';
import { Disposables, type Owned } from '../disposables.ts';
import { settingsReader } from '../settingsReader.ts';
import { openRigs } from '../targets.ts';
import type { Town } from '../town.ts';
import type { ProviderState } from './tanks.ts';

/** The provider whose words are scripted; work with it says so wherever it shows. */
const rehearsal: Seat['provider'] = 'rehearsal';
const claude: Seat['provider'] = 'claude';

/** What is known of providers until their gauges are read. */
export interface ProviderStates extends Owned {
  now(): readonly ProviderState[];
}

export function watchProviders(
  secrets: vscode.SecretStorage,
  town: Town,
  onChange: () => void,
): ProviderStates {
  const owned = new Disposables();
  let hasKey = false;
  const look = async (): Promise<void> => {
    hasKey =
      (await providerKey(secrets, claude, settingsReader.read('rigs.providers.claude.apiKeyEnv'))) !== null;
    onChange();
  };
  owned.add(
    secrets.onDidChange(({ key }) => {
      if (key === claudeKeySecret) void look();
    }),
  );
  owned.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('rigs.providers') || event.affectsConfiguration('rigs.claude'))
        onChange();
    }),
  );
  void look();
  return {
    now: () => [
      { provider: claude, availability: availabilityOf(hasKey) },
      ...used(town)
        .filter((provider) => provider !== claude)
        .map((provider): ProviderState => ({
          provider,
          availability: provider === rehearsal ? 'scripted' : 'ready',
        })),
    ],
    dispose: () => {
      owned.dispose();
    },
  };
}

function availabilityOf(hasKey: boolean): ProviderState['availability'] {
  if (!settingsReader.read('rigs.providers.claude.enabled')) return 'switchedOff';
  return hasKey ? 'ready' : 'noKey';
}

/** Providers that some polecat of an open rig ever sat with, in a steady order. */
function used(town: Town): readonly string[] {
  const seats = openRigs({ town }).flatMap(({ control }) => Object.values(control.state.polecats));
  return [...new Set(seats.map((one) => one.seat.provider))].sort();
}
