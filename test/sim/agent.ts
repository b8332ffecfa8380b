import { DeskError, type Desk, type DoneReply } from '../../src/ports/desk.ts';
import type { AskId } from '../../src/town/ids.ts';
import type { GitWorld } from './gitWorld.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { Sessions, SimSession } from './sessions.ts';
import { commitIn } from './simGit.ts';
import type { Window } from './window.ts';

/** Nobody hangs up here. */
const never = new AbortController().signal;

/** How an agent behaves, most of them badly. */
export const tempers = [
  'good',
  /** Its first done is red. */
  'sloppy',
  /** Ends with an error in the middle of its work. */
  'dies',
  /** Is gone without anybody having written how. */
  'vanishes',
  /** Does nothing any more, and heeds no interrupt. */
  'hangs',
  /** Ends as if all were well, without a done. */
  'leaves',
  /** Says done twice at once. */
  'twice',
  /** Something it started goes on after its end, with its token. */
  'ghost',
  /** Amends what it committed. */
  'amends',
  /** Changes nothing and calls it done. */
  'idle',
  /** Its terminal opens and its shim never comes up. */
  'silent',
  /** Its shim dies between claim and start. */
  'stillborn',
  /** Its program cannot be run. */
  'unstartable',
  /** Its account gives nothing for a while. */
  'limited',
  /** Makes way for a fresh session of its bead, and says so twice. */
  'handsOff',
  /** Asks its person something before it is done. */
  'wonders',
  /** Ends its turn again and again without a done. */
  'pauses',
] as const;
export type Temper = (typeof tempers)[number];

export interface AgentParts {
  readonly scheduler: Scheduler;
  readonly sessions: Sessions;
  readonly world: GitWorld;
  readonly random: Random;
  readonly temper: Temper;
  /** The window whose door stands open. */
  readonly door: () => Window | null;
  /** Every commit an agent made. */
  readonly committed: (commit: string) => void;
  /** A report under an old token was taken. */
  readonly lateTaken: (what: string) => void;
  readonly lateRefused: () => void;
}

const sources = ['a', 'b', 'c', 'd'];
const doorTries = 30;

/** One agent's life, from the claim of its shim to its end. */
export class Agent {
  readonly #parts: AgentParts;
  readonly #session: SimSession;
  #edits = 0;

  constructor(parts: AgentParts, session: SimSession) {
    this.#parts = parts;
    this.#session = session;
  }

  async live(): Promise<void> {
    const { temper, sessions } = this.#parts;
    const session = this.#session;
    if (temper === 'silent') return;
    if (!(await this.#act('shim claims', () => sessions.claim(session)))) return;
    if (temper === 'stillborn' || temper === 'unstartable') {
      await this.#act(temper, () => {
        sessions.end(session, temper === 'stillborn' ? null : { code: null, signal: null });
      });
      return;
    }
    session.heedsInterrupt = temper !== 'hangs';
    await this.#act('agent starts', () => {
      sessions.start(session);
    });
    try {
      await this.#work();
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      await this.#exit(1);
    }
  }

  async #work(): Promise<void> {
    const { temper, random, sessions } = this.#parts;
    if (temper !== 'idle') await this.#edit(temper === 'sloppy' ? 'bug' : this.#way());
    if (random.chance(50) && temper !== 'idle') await this.#commit(false);
    if (temper === 'amends') await this.#commit(true);
    if (temper === 'hangs') return;
    if (temper === 'dies') return this.#exit(random.pick([1, 77, 130]));
    if (temper === 'leaves') return this.#exit(0);
    if (temper === 'vanishes') {
      await this.#act('vanishes', () => {
        sessions.end(this.#session, null);
      });
      return;
    }
    if (temper === 'limited') return this.#meetsLimit();
    if (temper === 'handsOff') return this.#handOff();
    if (temper === 'wonders') await this.#wonder();
    if (temper === 'pauses') await this.#pause();
    if (random.chance(25)) await this.#askPermission();
    if (temper === 'twice') void this.#done().catch(() => undefined);
    await this.#untilAccepted();
    if (temper === 'ghost') this.#haunt();
    await this.#exit(0);
  }

  /** Waits at its prompt until it is ended. */
  async #meetsLimit(): Promise<void> {
    const until = this.#parts.scheduler.now() + this.#parts.random.between(1_000, 60_000);
    await this.#hook({ sightings: [{ kind: 'doing', doing: { kind: 'limited', until, detail: null } }] });
  }

  async #handOff(): Promise<void> {
    const { polecat, token } = this.#session;
    const note = { id: this.#parts.random.hex(8), kind: 'checkpoint', text: 'Half of it stands.' } as const;
    for (const time of ['', ' again'])
      await this.#knock(`hands off${time}`, (desk) => desk.handOff({ polecat, token }, note));
  }

  async #wonder(): Promise<void> {
    const { polecat, token } = this.#session;
    const ask = `ak-${this.#parts.random.hex(5)}` as AskId;
    await this.#knock('asks its person', (desk) => desk.question({ polecat, token }, ask, 'Tabs?', never));
  }

  async #pause(): Promise<void> {
    for (let time = 0; time < 4; time += 1) await this.#hook({ question: { kind: 'turnEnd' } });
  }

  async #hook(said: object): Promise<void> {
    const { polecat, token } = this.#session;
    const body = JSON.stringify(said);
    await this.#knock('calls its hook', (desk) => desk.hook({ polecat, token }, 'any', body, never));
  }

  async #untilAccepted(): Promise<void> {
    for (let round = 0; round < 4; round += 1) {
      const reply = await this.#done();
      if (!reply.goOn) return;
      if (this.#parts.temper !== 'idle') await this.#edit('');
      if (this.#parts.random.chance(50)) await this.#commit(false);
    }
  }

  /** What came with the process and outlives it. */
  #haunt(): void {
    const { scheduler, random } = this.#parts;
    const ghost = { ...this.#session.actor, name: `${this.#session.actor.name}'` };
    scheduler.later(ghost, 'agent', 'a leftover says done', random.between(1_000, 30_000), () => {
      void this.#done(ghost).catch(() => undefined);
    });
  }

  async #edit(content: string): Promise<void> {
    const { world, random } = this.#parts;
    const name = random.pick(sources);
    const text = `${this.#session.bead} ${String(this.#session.token)}.${String((this.#edits += 1))} ${content}`;
    await this.#act(`edits ${name}: ${content}`, () => {
      const at = world.worktrees.get(this.#session.worktree);
      if (at === undefined) return;
      at.files.set(name, text);
      // What the agent finds broken it mends.
      if (content !== 'bug') for (const [file, found] of at.files) at.files.set(file, mended(found));
    });
  }

  async #commit(amend: boolean): Promise<void> {
    const { world, committed } = this.#parts;
    await this.#act(amend ? 'amends' : 'commits', () => {
      const at = world.worktrees.get(this.#session.worktree);
      if (at === undefined || (world.isClean(at) && !amend)) return;
      const head = world.headOf(at);
      const own = head !== null && world.of(head).subject === 'by agent';
      const parent = head === null ? null : world.of(head).parent;
      if (amend && own && parent !== null) world.moveHead(at, parent);
      committed(commitIn(world, at, 'by agent'));
    });
  }

  async #askPermission(): Promise<void> {
    const { random } = this.#parts;
    const ask = `ak-${random.hex(5)}` as AskId;
    const { polecat, token } = this.#session;
    await this.#knock('asks permission', (desk) =>
      desk.permission({ polecat, token }, ask, 'run', 'make', never),
    );
  }

  #done(as = this.#session.actor): Promise<DoneReply> {
    const { polecat, token } = this.#session;
    const claim = this.#parts.random.hex(8);
    return this.#knock('says done', (desk) => desk.done({ polecat, token }, 'all of it', claim, never), as);
  }

  /** Says something at the door, again and again while nobody opens: a reload loses the answer, not the deed. */
  async #knock<T>(what: string, say: (desk: Desk) => Promise<T>, actor = this.#session.actor): Promise<T> {
    const { scheduler, door } = this.#parts;
    for (let attempt = 0; attempt < doorTries; attempt += 1) {
      const window = door();
      const owner = window?.open ?? null;
      if (window === null || owner === null) {
        await scheduler.wait(actor, 'waits for the door', 2_000);
        continue;
      }
      const report = { late: false };
      const call = scheduler.call(
        'agent',
        what,
        () => {
          const { polecat, token } = this.#session;
          report.late = owner.foreman.state.polecats[polecat]?.session?.token !== token;
          return say(owner.desk);
        },
        actor,
        window.actor,
      );
      const reply = await Promise.race([call.then((value) => ({ value })), owner.gone]).catch(
        (error: unknown) => {
          // Whatever else it is, it is the window's trouble, and the next try may find it gone.
          if (!(error instanceof DeskError) || error.reason === 'unavailable') return null;
          if (report.late) this.#parts.lateRefused();
          throw error;
        },
      );
      if (reply === null) {
        await scheduler.wait(actor, 'waits for the door', 1_000);
        continue;
      }
      if (report.late) this.#parts.lateTaken(`${this.#session.actor.name} ${what}`);
      return reply.value;
    }
    throw new DeskError('unavailable', 'Nobody opens.');
  }

  #way(): string {
    const { random } = this.#parts;
    return random.chance(20) ? random.pick(['old way', 'new way']) : '';
  }

  async #exit(code: number): Promise<void> {
    await this.#act(`exits ${String(code)}`, () => {
      this.#parts.sessions.end(this.#session, { code, signal: null });
    });
  }

  async #act<T>(label: string, effect: () => T): Promise<T> {
    const { actor } = this.#session;
    return this.#parts.scheduler.call('agent', label, effect, actor);
  }
}

function mended(text: string): string {
  if (!text.includes('<<<<<<<')) return text.replace(/bug|old way|new way/, 'mended');
  return text
    .split('\n')
    .filter((line) => !/^(<<<<<<<|=======|>>>>>>>)/.test(line))
    .join('+');
}
