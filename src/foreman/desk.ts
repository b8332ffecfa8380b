import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  type Caller,
  type Desk,
  DeskError,
  type DoneReply,
  type Intake,
  type TaskReply,
} from '../ports/desk.ts';
import { printCommand } from '../system/commandLine.ts';
import { writeDurably } from '../system/durableFile.ts';
import type { Usage } from '../town/bead.ts';
import type { AskId } from '../town/ids.ts';
import type { Polecat, Session } from '../town/polecat.ts';
import type { ReasonCode } from '../town/reason.ts';
import { sentence } from '../words/reasons.ts';
import { plainEnglish } from '../words/translate.ts';
import type { Control, Wish } from './control.ts';
import { answerTo, frameFor } from './framing.ts';
import type { HandContext } from './hands/context.ts';

type DeskParts = Pick<HandContext, 'git' | 'repository' | 'places' | 'agents' | 'settings'> & {
  readonly control: Control;
};

/** Answers agents at the door. Every verb may be said again with the same effect: a reload loses the answer, not the deed. */
export class AgentDesk implements Desk, Intake {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  async task(caller: Caller): Promise<TaskReply> {
    const { polecat, session } = this.#known(caller);
    const { places, agents, control } = this.#parts;
    const bead = control.state.beads[polecat.bead];
    if (bead === undefined || polecat.worktree === null) throw unknown(caller);
    const transcript = places.transcript(caller.polecat, caller.token);
    await mkdir(path.dirname(transcript), { recursive: true, mode: 0o700 });
    return {
      agent: `${control.state.rig?.name ?? ''}/polecats/${polecat.name}`,
      beadId: bead.id,
      title: bead.title,
      purpose: session.purpose,
      worktree: polecat.worktree,
      branch: polecat.branch,
      frame: await frameFor(this.#parts, bead, polecat, session),
      access: await agents.access(session.seat),
      allowed: this.#allowed(),
      transcript,
    };
  }

  async done(caller: Caller, summary: string, claim: string, signal: AbortSignal): Promise<DoneReply> {
    const { control } = this.#parts;
    const { polecat } = this.#known(caller);
    const say = await this.prepareDone(caller, summary, claim);
    await say();
    await this.#until(() => control.state.beads[polecat.bead]?.status !== 'reviewing', signal);
    return answerTo(control.state, polecat);
  }

  async prepareDone(caller: Caller, summary: string, claim: string): Promise<() => Promise<void>> {
    const file = this.#parts.places.claim(caller.polecat, caller.token);
    if (this.#known(caller).polecat.claim !== claim) {
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      await writeDurably(file, summary, { mode: 0o600 });
    }
    return () => this.#said({ type: 'claimDone', ...caller, claim });
  }

  async permission(
    caller: Caller,
    ask: AskId,
    tool: string,
    detail: string,
    signal: AbortSignal,
  ): Promise<'allow' | 'deny'> {
    const { control } = this.#parts;
    this.#known(caller);
    await this.#said({ type: 'askPermission', ask, ...caller, tool, detail });
    await this.#until(() => control.state.asks[ask]?.answer != null, signal);
    const answer = control.state.asks[ask]?.answer;
    return answer === 'allow' || answer === 'always' ? 'allow' : 'deny';
  }

  async usage(caller: Caller, usage: Usage): Promise<void> {
    await this.#said({ type: 'countUsage', ...caller, usage });
  }

  /** Command lines that run unasked: the confirmed checks, the person's list, what they granted for good. */
  #allowed(): readonly string[] {
    const { control, settings } = this.#parts;
    const { rig } = control.state;
    const checks = (rig?.checks?.definitions ?? []).map((one) => printCommand(one.command, one.args));
    return [...new Set([...checks, ...settings().allowedCommands, ...(rig?.grants ?? [])])];
  }

  #known(caller: Caller): { readonly polecat: Polecat; readonly session: Session } {
    const polecat = this.#parts.control.state.polecats[caller.polecat];
    if (polecat === undefined) throw unknown(caller);
    if (polecat.session?.token !== caller.token) {
      throw new DeskError(
        'late',
        'This session is over; another one may hold the bead now. Your work is kept; stop here.',
      );
    }
    return { polecat, session: polecat.session };
  }

  async #said(wish: Wish): Promise<void> {
    const answer = await this.#parts.control.wish(wish);
    if (!answer.ok)
      throw new DeskError(refusals[answer.refusal.code] ?? 'invalid', sentence(answer.refusal, plainEnglish));
  }

  async #until(met: () => boolean, signal: AbortSignal): Promise<void> {
    if (met()) return;
    signal.throwIfAborted();
    const { control } = this.#parts;
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        stop();
        signal.removeEventListener('abort', finish);
        resolve();
      };
      const stop = control.onChange(() => {
        if (met()) finish();
      });
      signal.addEventListener('abort', finish);
    });
    signal.throwIfAborted();
  }
}

/** Who is refused because nothing can be written may say it again, to this owner or the next. */
const refusals: Readonly<Partial<Record<ReasonCode, DeskError['reason']>>> = {
  late_report: 'late',
  store_read_only: 'unavailable',
  taken_over: 'unavailable',
};

function unknown(caller: Caller): DeskError {
  return new DeskError('unknown', `There is no polecat ${caller.polecat} here.`);
}
