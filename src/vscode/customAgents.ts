import * as vscode from 'vscode';
import type { SettingProblem } from '../config/settings.ts';
import { readCustom } from '../providers/custom/definition.ts';
import { settingsReader } from './settingsReader.ts';

const key = 'rigs.agents.custom';

/** The agents among what a person wrote, as written; what is none, or has the name of another, is told to `fault`. */
export function goodAgents(
  entries: readonly unknown[],
  fault: (entry: unknown, why: string) => void = () => undefined,
): readonly unknown[] {
  const names = new Set<string>();
  return entries.filter((entry) => {
    const read = readCustom(entry);
    const problem = 'problem' in read ? read.problem : names.has(read.name) ? 'Its name is taken.' : null;
    if (problem !== null) fault(entry, problem);
    else if ('name' in read) names.add(read.name);
    return problem === null;
  });
}

/** What is wrong with agents of the person's own, in every folder. */
export function customAgentProblems(): readonly SettingProblem[] {
  const folders = vscode.workspace.workspaceFolders?.map((folder) => folder.uri) ?? [];
  const found: SettingProblem[] = [];
  for (const scope of [undefined, ...folders]) {
    goodAgents(settingsReader.read(key, scope), (value, why) => {
      found.push({ key, value, expected: { kind: 'entry', why }, used: null });
    });
  }
  return found;
}
