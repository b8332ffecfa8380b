import type { RuleFault } from './approvalRules.ts';
import type { PriceFault } from './priceEntries.ts';
import type { Expectation } from './settingRows.ts';
import type { SettingKey } from './settingKeys.ts';

/** Where something stands; lines and columns count from 0, the end is the first character behind it. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A value of `config.toml`: which setting it says, where in that setting, and as what. */
export interface Said {
  readonly setting: SettingKey;
  /** Keys inside the setting's object; none: it is the whole setting. */
  readonly inside: readonly string[];
  readonly value: unknown;
}

/** Which of Rigs' own ways does the job of a key. */
export type Answer = 'workspace' | 'logLevel' | 'fallbackModel' | 'fallbackToApi';

/** Whose file it is: what a repository brings is somebody else's word. */
export type Whose = 'person' | 'repository';

export type ConfigProblem =
  | { readonly code: 'syntax'; readonly message: string; readonly place: Place }
  | { readonly code: 'deep'; readonly place: Place }
  | { readonly code: 'unknown_key'; readonly key: string; readonly place: Place }
  | {
      readonly code: 'wrong_value';
      readonly key: string;
      readonly expected: Expectation;
      readonly place: Place;
    }
  | { readonly code: 'price'; readonly fault: PriceFault; readonly place: Place }
  | { readonly code: 'rule'; readonly fault: RuleFault; readonly place: Place }
  | { readonly code: 'thresholds'; readonly provider: string; readonly place: Place }
  /** Only the person's own file may say it. */
  | { readonly code: 'not_yours'; readonly key: string; readonly place: Place }
  | {
      readonly code: 'answered';
      readonly key: string;
      readonly answer: Answer;
      readonly place: Place;
    };

export interface SaidAt extends Said {
  readonly key: string;
  readonly place: Place;
}

/** What a `config.toml` says: what counts of it, and what does not and why. */
export interface Config {
  readonly said: readonly SaidAt[];
  readonly problems: readonly ConfigProblem[];
}

/** A setting as it holds now. */
export interface HeldSetting {
  readonly key: SettingKey;
  readonly value: unknown;
  /** Who said it, the weightiest first; nobody: it is the default. */
  readonly from: readonly string[];
}

/** Every setting with where it comes from, and what is not followed and why. */
export interface Configuration {
  readonly settings: readonly HeldSetting[];
  readonly refused: readonly string[];
}

export const emptyConfig: Config = { said: [], problems: [] };
