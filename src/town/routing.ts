import type { BeadType } from './bead.ts';
import type { Thresholds } from './tank.ts';

export const strategies = ['conservative', 'balanced', 'aggressive'] as const;
export type Strategy = (typeof strategies)[number];

/** What becomes of work whose account runs dry: asked once per convoy, moved to another seat, or left waiting. */
export type MoveOn = 'ask' | 'always' | 'never';

/** How a person wants their seats chosen; every part has a default that needs no reading. */
export interface Routing {
  readonly strategy: Strategy;
  /** By type and provider, 0–1; what it does not name stands as in `affinity.ts`. */
  readonly affinity: Readonly<Partial<Record<BeadType, Readonly<Record<string, number>>>>>;
  /** By provider; `thresholdsOf` says those of the others too. */
  readonly thresholds: Readonly<Record<string, Thresholds>>;
  /** How much a price lowers a score: 0 not at all. */
  readonly priceWeight: number;
  /** Beads that touch the same files do not run together, unless `allow`. */
  readonly overlap: 'hold' | 'allow';
  readonly moveOn: MoveOn;
  /** The most that ever run at once on one model of an account. */
  readonly maxPerModel: number;
}

const defaultThresholds: Thresholds = { yellow: 0.5, red: 0.2 };

export const defaultRouting: Routing = {
  strategy: 'balanced',
  affinity: {},
  thresholds: {
    claude: { yellow: 0.5, red: 0.2 },
    codex: { yellow: 0.4, red: 0.15 },
    gemini: { yellow: 0.3, red: 0.1 },
    deepseek: { yellow: 0.3, red: 0.1 },
    ollama: { yellow: 0, red: 0 },
  },
  priceWeight: 0,
  overlap: 'hold',
  moveOn: 'ask',
  maxPerModel: 8,
};

/** From where on an account of a provider counts as yellow and red: as set, or as for one of which nothing is known. */
export function thresholdsOf({ thresholds }: Pick<Routing, 'thresholds'>, provider: string): Thresholds {
  return (Object.hasOwn(thresholds, provider) ? thresholds[provider] : undefined) ?? defaultThresholds;
}
