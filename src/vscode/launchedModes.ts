import type * as vscode from 'vscode';
import type { AgentMode } from '../ports/agents.ts';
import type { PolecatId, Token } from '../town/ids.ts';

/** Followed by the rig's repository: only the window that owns it writes there. */
const memoryPrefix = 'rigs.launched ';
/** More than can run in a rig at once by far. */
const maxKept = 100;

interface Session {
  readonly polecat: PolecatId;
  readonly token: Token;
}

interface Launched extends Session {
  readonly mode: AgentMode;
}

/** With which mode sessions were started. A setting that changes afterwards changes nothing about them. */
export class LaunchedModes {
  readonly #memory: Pick<vscode.Memento, 'get' | 'update'>;

  constructor(memory: Pick<vscode.Memento, 'get' | 'update'>) {
    this.#memory = memory;
  }

  async note(commonDir: string, { polecat, token }: Session, mode: AgentMode): Promise<void> {
    const others = this.#in(commonDir).filter((one) => one.polecat !== polecat);
    await this.#memory.update(
      memoryPrefix + commonDir,
      [...others, { polecat, token, mode }].slice(-maxKept),
    );
  }

  /** Null: not known here. */
  of(commonDir: string, { polecat, token }: Session): AgentMode | null {
    const found = this.#in(commonDir).find((one) => one.polecat === polecat && one.token === token);
    return found?.mode ?? null;
  }

  #in(commonDir: string): readonly Launched[] {
    return this.#memory.get<readonly Launched[]>(memoryPrefix + commonDir, []);
  }
}
