import { plain as oneLine } from '../words/plain.ts';

/**
 * Text of agents, repositories and models as one harmless line for labels and messages. Messages of the editor turn
 * `[x](command:…)` into a link that runs a command, and quick picks turn `$(x)` into an icon, so both are broken up.
 */
export function plain(text: string, max = 200): string {
  return withoutMarkup(oneLine(text, max));
}

export function withoutMarkup(text: string): string {
  return text.replaceAll('](', '] (').replaceAll('$(', '$ (');
}

export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** 1234 → `1.2k`: tokens as people compare them. */
export function short(count: number): string {
  if (count < 1000) return String(count);
  if (count < 1_000_000) return `${(count / 1000).toFixed(count < 10_000 ? 1 : 0)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}
