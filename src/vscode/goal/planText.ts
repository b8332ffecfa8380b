import * as vscode from 'vscode';
import type { RepositoryFacts } from '../../assayer/prompt.ts';
import type { Control } from '../../foreman/control.ts';
import type { ModelAccess } from '../../ports/models.ts';
import { systemClock } from '../../system/clock.ts';
import { plain } from '../text.ts';
import type { Tools } from '../tools.ts';
import { bookedPlan } from './bookedPlan.ts';

export interface PlanTextWish {
  readonly control: Control;
  readonly access: ModelAccess;
  readonly goal: string;
  readonly signal: AbortSignal;
  /** The newest piece of what the model says, as one short line. */
  onHint(line: string): void;
}

/** Who reads the repository and opens the model. */
export interface PlanTools {
  readonly town: Pick<Tools['town'], 'files' | 'tellTanks'>;
  readonly openModels: Tools['openModels'];
}

/** The text of a plan for a goal. Throws `AssayerError`. */
export async function planText(tools: PlanTools, wish: PlanTextWish): Promise<string> {
  const { control, access, goal, signal } = wish;
  const models = await tools.openModels(access);
  const facts = await factsOf(tools, control);
  const said = hinted((line) => {
    wish.onHint(line);
  });
  const note =
    access.provider === 'rehearsal'
      ? { note: vscode.l10n.t('Rehearsal: this plan is scripted; a model would write its own.') }
      : {};
  const planning = { goal, facts, models, model: access.model, clock: systemClock, signal, onText: said };
  const planned = await bookedPlan(
    { ...planning, ...note },
    {
      rig: control.state.rig?.id ?? '',
      access,
      tell: (news) => tools.town.tellTanks(news),
    },
  );
  return planned.text;
}

async function factsOf({ town }: PlanTools, control: Control): Promise<RepositoryFacts> {
  const { rig } = control.state;
  const checks = rig?.checks?.definitions ?? [];
  return {
    name: rig?.name ?? '',
    target: rig?.target ?? '',
    files: await town.files(control),
    checks: checks.map(({ command, args }) => [command, ...args].join(' ')),
  };
}

/** The last line of the stream so far; a model that calls a tool at once streams no text at all. */
function hinted(show: (line: string) => void): (piece: string) => void {
  let line = '';
  return (piece) => {
    line = (line + piece).slice(-2000);
    const newest = line.split('\n').findLast((one) => one.trim() !== '') ?? '';
    if (newest !== '') show(plain(newest, 80));
  };
}
