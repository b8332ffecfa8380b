import { plain, plainLines } from '../words/plain.ts';

/** What the planner gets to know of a repository; small, because planning should cost little. */
export interface RepositoryFacts {
  readonly name: string;
  /** Branch that work lands on. */
  readonly target: string;
  /** Tracked files, relative, `/` between folders. */
  readonly files: readonly string[];
  /** The rig's checks as command lines. */
  readonly checks: readonly string[];
}

const maxGoal = 20_000;
const maxFileText = 6_000;

export function planningPrompt(goal: string, facts: RepositoryFacts): string {
  const checks = facts.checks.slice(0, 20).map((one) => `- ${plain(one, 200)}`);
  return [
    `# Goal\n${plainLines(goal).slice(0, maxGoal).trim()}`,
    `# Repository ${plain(facts.name, 80)}, work lands on ${plain(facts.target, 80)}`,
    checks.length === 0 ? 'It has no checks.' : `Checks:\n${checks.join('\n')}`,
    `Files (${String(facts.files.length)}):\n${fileSummary(facts.files)}`,
  ].join('\n\n');
}

/** All files where they fit, else what lies at the top and how many files each folder holds. */
export function fileSummary(files: readonly string[], maxCharacters: number = maxFileText): string {
  let size = 0;
  const fits = files.every((file) => (size += Math.min(file.length, 200) + 1) <= maxCharacters);
  return fits ? files.map((file) => plain(file, 200)).join('\n') : folders(files, maxCharacters);
}

function folders(files: readonly string[], maxCharacters: number): string {
  const counts = new Map<string, number>();
  for (const file of files) {
    const parts = file.split('/');
    const place = parts.length === 1 ? file : `${parts.slice(0, Math.min(2, parts.length - 1)).join('/')}/`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const ordered = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const lines: string[] = [];
  let size = 0;
  for (const [place, count] of ordered) {
    const text = place.endsWith('/') ? `${plain(place, 200)} (${String(count)} files)` : plain(place, 200);
    size += text.length + 1;
    if (size > maxCharacters - 40) break;
    lines.push(text);
  }
  const left = ordered.length - lines.length;
  return [...lines.sort(), ...(left > 0 ? [`… and ${String(left)} more places`] : [])].join('\n');
}
