import type { BeadType } from './bead.ts';
import type { Routing } from './routing.ts';

/** How well a provider does each type of work, 0–1. */
type Row = Readonly<Record<BeadType, number>>;

/** The first Rigs' three; of the others, an API's models are placed by their makers' command lines, local ones behind. */
const rows: ReadonlyMap<string, Row> = new Map<string, Row>([
  [
    'claude',
    {
      ...{ implementation: 1, review: 0.8, research: 0.6, refactor: 1 },
      ...{ test: 0.7, documentation: 1, debug: 0.9, design: 1 },
    },
  ],
  [
    'codex',
    {
      ...{ implementation: 0.7, review: 1, research: 0.4, refactor: 0.8 },
      ...{ test: 1, documentation: 0.5, debug: 1, design: 0.4 },
    },
  ],
  [
    'gemini',
    {
      ...{ implementation: 0.5, review: 0.5, research: 1, refactor: 0.4 },
      ...{ test: 0.4, documentation: 0.7, debug: 0.4, design: 0.6 },
    },
  ],
  [
    'openai',
    {
      ...{ implementation: 0.6, review: 0.8, research: 0.5, refactor: 0.7 },
      ...{ test: 0.8, documentation: 0.5, debug: 0.8, design: 0.5 },
    },
  ],
  [
    'deepseek',
    {
      ...{ implementation: 0.5, review: 0.5, research: 0.4, refactor: 0.5 },
      ...{ test: 0.6, documentation: 0.5, debug: 0.5, design: 0.3 },
    },
  ],
  [
    'vscode',
    {
      ...{ implementation: 0.5, review: 0.6, research: 0.5, refactor: 0.5 },
      ...{ test: 0.5, documentation: 0.6, debug: 0.5, design: 0.4 },
    },
  ],
  [
    'ollama',
    {
      ...{ implementation: 0.2, review: 0.2, research: 0.2, refactor: 0.2 },
      ...{ test: 0.2, documentation: 0.4, debug: 0.2, design: 0.2 },
    },
  ],
]);

/** A command line or endpoint of the person's own, of which nothing is known. */
const custom = 0.5;

/** Configured, or as the table has it. What is configured and no number from 0 to 1 counts as not configured. */
export function affinityOf(
  type: BeadType,
  provider: string,
  { affinity }: Pick<Routing, 'affinity'>,
): number {
  const configured = affinity[type];
  const own = configured !== undefined && Object.hasOwn(configured, provider) ? configured[provider] : null;
  if (typeof own === 'number' && own >= 0 && own <= 1) return own;
  return rows.get(provider)?.[type] ?? custom;
}
