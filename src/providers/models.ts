import type { Clock } from '../ports/clock.ts';
import { type ModelAccess, ModelError, type Models, type Wire } from '../ports/models.ts';
import { systemClock } from '../system/clock.ts';
import type { Reading } from '../town/tank.ts';
import { claudeModels } from './claude/models.ts';

export interface OpenOptions {
  readonly clock?: Clock;
  readonly random?: () => number;
  /** What answers say of limits, refusals too. */
  readonly onReadings?: (readings: readonly Reading[]) => void;
}

type Open = (access: ModelAccess, options: OpenOptions) => Models;

const byWire: Readonly<Partial<Record<Wire, Open>>> = { anthropic };

/** Models behind an access as it travels through the door. */
export function openModels(access: ModelAccess, options: OpenOptions = {}): Models {
  const open = byWire[access.wire];
  if (open === undefined) throw new ModelError('refused', `Rigs has no models of ${access.provider}.`);
  return open(access, options);
}

function anthropic({ apiKey, baseUrl }: ModelAccess, options: OpenOptions): Models {
  return claudeModels({ clock: systemClock, random: Math.random, ...options, apiKey, baseUrl });
}
