import type { Delivery } from '../../src/foreman/messages.ts';
import type { AgentMode, RunnerState } from '../../src/ports/agents.ts';
import type { Control } from '../../src/foreman/control.ts';
import type { PolecatId } from '../../src/town/ids.ts';
import type { TownAgents } from '../../src/vscode/townAgents.ts';

/** Agents of a window as a test says; what was asked of them is remembered. */
export class FakeTownAgents implements TownAgents {
  known: readonly RunnerState[] = [];
  delivery: Delivery = 'heard';
  looks = 0;
  readonly messages: { readonly polecat: PolecatId; readonly text: string }[] = [];

  runners(): readonly RunnerState[] {
    return this.known;
  }

  refresh(): Promise<void> {
    return Promise.resolve();
  }

  look(): Promise<readonly RunnerState[]> {
    this.looks += 1;
    return Promise.resolve(this.known);
  }

  launched: AgentMode | null = null;

  launchedMode(): AgentMode | null {
    return this.launched;
  }

  message(_control: Control, polecat: PolecatId, text: string): Promise<Delivery> {
    this.messages.push({ polecat, text });
    return Promise.resolve(this.delivery);
  }
}

/** A runner that is ready; a test changes what it is about. */
export const codexRunner: RunnerState = {
  runner: 'codex',
  provider: 'codex',
  name: 'Codex',
  model: '',
  mode: 'ask',
  program: { file: '/bin/codex', version: '0.169.0' },
  known: 'tried',
  problem: null,
};
