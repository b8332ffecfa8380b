import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  type Caller,
  type CommentAnswer,
  type Desk,
  DeskError,
  type DoneReply,
  type FuelTold,
  type Intake,
  type SplitDraft,
  type TaskReply,
} from '../ports/desk.ts';
import type { Sighting } from '../ports/agents.ts';
import type { ModelAccess } from '../ports/models.ts';
import { printCommand } from '../system/commandLine.ts';
import { writeDurably } from '../system/durableFile.ts';
import type { Usage } from '../town/bead.ts';
import type { AskId, BeadId } from '../town/ids.ts';
import { type Note, type Polecat, type Seat, type Session, builtIn } from '../town/polecat.ts';
import type { ReasonCode } from '../town/reason.ts';
import { sentence } from '../words/reasons.ts';
import { plainEnglish } from '../words/translate.ts';
import { callerOf } from './caller.ts';
import type { Control, Wish } from './control.ts';
import { answerTo, frameFor } from './framing.ts';
import type { HandContext } from './hands/context.ts';
import { Hooks } from './hooks.ts';
import type { Messages } from './messages.ts';
import { Replies } from './replies.ts';
import type { Sightings } from './sightings.ts';
import { splitDraft, splitId } from './splitting.ts';

type DeskParts = Pick<
  HandContext,
  'git' | 'repository' | 'places' | 'agents' | 'settings' | 'ids' | 'clock'
> & {
  readonly control: Control;
  readonly sightings: Sightings;
  readonly messages: Pick<Messages, 'take' | 'remind' | 'reply' | 'findings'>;
};

/** Answers agents at the door. Every verb may be said again with the same effect: a reload loses the answer, not the deed. */
export class AgentDesk implements Desk, Intake {
  readonly #parts: DeskParts;
  readonly #hooks: Hooks;
  readonly #replies: Replies;
  readonly #closing = new AbortController();

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#hooks = new Hooks(parts);
    this.#replies = new Replies(parts);
    void this.#takeUp();
  }

  /** To be called before the door closes. */
  close(): void {
    this.#closing.abort();
    this.#hooks.close();
    this.#replies.close();
  }

  async hook(caller: Caller, event: string, body: string, signal: AbortSignal): Promise<string> {
    const { session } = this.#known(caller);
    return this.#hooks.call(caller, session, event, body, signal);
  }

  async question(caller: Caller, ask: AskId, question: string, signal: AbortSignal): Promise<string> {
    const { control } = this.#parts;
    this.#known(caller);
    await this.#said({ type: 'askQuestion', ask, ...callerOf(caller), question });
    await this.#replies.awaited(ask, () =>
      this.#until(() => control.state.asks[ask]?.answer != null, signal),
    );
    return control.state.asks[ask]?.reply ?? noReply;
  }

  async note(caller: Caller, note: Omit<Note, 'at'>): Promise<void> {
    this.#known(caller);
    await this.#said({ type: 'noteWork', ...callerOf(caller), note });
  }

  async forgetCheckpoint(caller: Caller): Promise<void> {
    this.#known(caller);
    await this.#said({ type: 'forgetCheckpoint', ...callerOf(caller) });
  }

  async handOff(caller: Caller, note: Omit<Note, 'at'>): Promise<void> {
    // Said again after its session made way, it is the same one.
    const kept = this.#parts.control.state.polecats[caller.polecat]?.notes ?? [];
    if (kept.some((one) => one.id === note.id)) return;
    this.#known(caller);
    await this.#said({ type: 'handOff', ...callerOf(caller), note });
  }

  async split(caller: Caller, id: string, drafts: readonly SplitDraft[]): Promise<readonly BeadId[]> {
    const { control } = this.#parts;
    const { polecat } = this.#known(caller);
    const own = control.state.beads[polecat.bead];
    if (own === undefined) throw unknown(caller);
    const made: BeadId[] = [];
    for (const [nth, draft] of drafts.entries()) {
      const bead = splitId(id, nth);
      made.push(bead);
      if (control.state.beads[bead] !== undefined) continue;
      await this.#said({ type: 'createBead', bead, convoy: own.convoy, draft: splitDraft(own, draft) });
    }
    return made;
  }

  async comment(caller: Caller, id: string, answer: CommentAnswer): Promise<void> {
    this.#known(caller);
    await this.#said({ type: 'answerComment', ...callerOf(caller), ...answer, call: id });
  }

  async task(caller: Caller): Promise<TaskReply> {
    const { polecat, session } = this.#known(caller);
    const { places, control } = this.#parts;
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
      frame: await frameFor(this.#parts, bead, polecat, session, 'full'),
      access: await this.#access(session.seat),
      allowed: this.#allowed(),
      transcript,
    };
  }

  async done(caller: Caller, summary: string, claim: string, signal: AbortSignal): Promise<DoneReply> {
    const { control, messages } = this.#parts;
    const { polecat } = this.#known(caller);
    const say = await this.prepareDone(caller, summary, claim);
    await say();
    await this.#until(() => control.state.beads[polecat.bead]?.status !== 'reviewing', signal);
    const told = control.state.beads[polecat.bead]?.reason ?? null;
    const answer = await answerTo(control.state, polecat);
    signal.throwIfAborted();
    if (told !== null) messages.findings.told(told);
    return answer;
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

  /** In the words that vendors' own programs use: what follows from it is the same. */
  async fuel(caller: Caller, { readings, trouble }: FuelTold): Promise<void> {
    this.#known(caller);
    const { sightings } = this.#parts;
    for (const reading of readings) await sightings.see(caller, { kind: 'reading', reading });
    if (trouble === null) return;
    await sightings.see(caller, sightingOf(trouble));
  }

  /** What agents asked before this desk was here: who still waits has come back by then. */
  async #takeUp(): Promise<void> {
    const waited = this.#parts.clock.sleep(comeBackMs, this.#closing.signal).then(
      () => true,
      () => false,
    );
    if (!(await waited)) return;
    this.#replies.takeUp();
    await this.#hooks.leaveUnawaited();
  }

  /** A vendor's own program has its own login, and no need of a key of the person's. */
  async #access(seat: Seat): Promise<ModelAccess> {
    if (seat.runner === builtIn) return this.#parts.agents.access(seat);
    const { provider, model } = seat;
    return { provider, wire: 'compatible', model, baseUrl: null, apiKey: '' };
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

/** How long agents may take to find the door again that a window before this one closed. */
const comeBackMs = 25_000;

/** Who is refused because nothing can be written may say it again, to this owner or the next. */
const refusals: Readonly<Partial<Record<ReasonCode, DeskError['reason']>>> = {
  late_report: 'late',
  store_read_only: 'unavailable',
  taken_over: 'unavailable',
};

const noReply = 'Nobody answered this. Decide it yourself, and say in your summary what you decided.';

function unknown(caller: Caller): DeskError {
  return new DeskError('unknown', `There is no polecat ${caller.polecat} here.`);
}

function sightingOf({ kind, until, detail }: NonNullable<FuelTold['trouble']>): Sighting {
  switch (kind) {
    case 'limit':
      return { kind: 'doing', doing: { kind: 'limited', until, detail } };
    case 'overloaded':
      return { kind: 'doing', doing: { kind, until, detail } };
    case 'auth':
    case 'credit':
      return { kind: 'refused', problem: kind, detail };
    case 'throttled':
      return { kind };
    case 'failed':
      return { kind, detail };
  }
}
