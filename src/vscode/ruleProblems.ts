import { goodRules } from '../config/approvalRules.ts';
import type { SettingProblem } from '../config/settings.ts';
import { ruleFaultWords } from '../words/approvalRules.ts';
import { settingsReader } from './settingsReader.ts';
import { translate as t } from './translate.ts';

const key = 'rigs.refinery.autoApprove';

/** What is wrong with rules of the person's own; those approve nothing, and the others do. */
export function ruleProblems(): readonly SettingProblem[] {
  const found: SettingProblem[] = [];
  goodRules(settingsReader.read(key), (value, fault) => {
    found.push({ key, value, expected: { kind: 'entry', why: ruleFaultWords(fault, t) }, used: null });
  });
  return found;
}
