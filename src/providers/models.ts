import type { Clock } from '../ports/clock.ts';
import { type ModelAccess, ModelError, type Models, type Wire } from '../ports/models.ts';
import { systemClock } from '../system/clock.ts';
import { claudeModels } from './claude/models.ts';

export interface OpenOptions {
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly onLimits?: (limits: Readonly<Record<string, string>>) => void;
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
  const { clock = systemClock, random = Math.random, onLimits } = options;
  return claudeModels({ apiKey, baseUrl, clock, random, ...(onLimits === undefined ? {} : { onLimits }) });
}
