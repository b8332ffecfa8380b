import type { Bead, BeadType, Evidence } from './bead.ts';
import { isCut } from './decides.ts';
import { matchesPath } from './pathGlob.ts';
import type { Polecat } from './polecat.ts';

/** By which a person says yes beforehand: work fits when every part that is given does. At least one is. */
export interface ApprovalRule {
  /** Its place among those the person wrote, from 1. */
  readonly number: number;
  /** Every changed file is one of these, as `pathGlob.ts` reads them. */
  readonly paths?: readonly string[];
  /** Lines added and taken away together; what nobody can count fits in none. */
  readonly maxLines?: number;
  readonly types?: readonly BeadType[];
  /** Everybody who worked on it is one of these. */
  readonly providers?: readonly string[];
  /** It bears one of these. */
  readonly labels?: readonly string[];
  /** Also what changes what its checks prove. */
  readonly checks?: true;
}

/** Proven work about which nobody was asked yet. */
export interface Approvable {
  readonly bead: Pick<Bead, 'type' | 'labels' | 'source'>;
  readonly evidence: Pick<Evidence, 'files' | 'insertions' | 'deletions' | 'decides'>;
  /** Providers whose agents worked on it. */
  readonly authors: readonly string[];
  /** Each of its changes is lines of text, so that their number tells how much it is. */
  readonly isText: boolean;
}

/** The number of the first rule that says yes; null: a person is asked. */
export function approvingRule(rules: readonly ApprovalRule[], work: Approvable): number | null {
  return rules.find((rule) => approves(rule, work))?.number ?? null;
}

function approves(rule: ApprovalRule, { bead, evidence, authors, isText }: Approvable): boolean {
  const { paths, maxLines, types, providers, labels } = rule;
  const { files, insertions, deletions, decides } = evidence;
  if (decides !== undefined && rule.checks !== true) return false;
  // An agent that splits a bead off words it too, and no agent says yes to itself.
  const isWorded = bead.source.kind !== 'agent';
  const parts = [
    paths && files.length > 0 && files.every((file) => paths.some((glob) => matchesPath(glob, file))),
    maxLines === undefined ? undefined : isText && insertions + deletions <= maxLines,
    types && isWorded && types.includes(bead.type),
    providers && authors.length > 0 && authors.every((one) => providers.includes(one)),
    labels && isWorded && bead.labels.some((one) => labels.includes(one)),
  ].filter((part) => part !== undefined);
  return parts.length > 0 && parts.every((part) => part);
}

/** Everybody a session of whom worked in its worktree. */
export function authorsOf({
  seat,
  formerProviders = [],
}: Pick<Polecat, 'seat' | 'formerProviders'>): readonly string[] {
  return [...new Set([...formerProviders, seat.provider])];
}

/** Whether a diff shows lines of text only: a binary file counts none, whatever its size. */
export function isText(diff: string): boolean {
  return !/^(?:Binary files .* differ|GIT binary patch)$/m.test(diff) && !isCut(diff);
}
