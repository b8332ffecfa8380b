import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { Order, Report } from './brokerMessages.ts';
import { type Call, type Reader, type Running, type StartProgram, startHere } from './running.ts';

/** How the broker is started: Node itself, the bundle of `broker.ts`, and what makes Node out of the executable. */
export interface BrokerParts {
  readonly execPath: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A broker that ends twice without having ended a single call is not worth a third start. */
const crashLimit = 2;

interface Waiting {
  readonly id: number;
  readonly call: Call;
  readonly reader: Reader;
  begun: boolean;
  ending: boolean;
  /** It runs in this process after all. */
  here: Running | null;
  readonly resolve: (code: number) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Starts programs in a process of their own kind, begun with the first of them. When it ends unasked, calls that had
 * not been begun are given to its successor, and begun ones reject. Where none will live, programs start here.
 */
export class Broker {
  readonly #parts: BrokerParts;
  readonly #waiting = new Map<number, Waiting>();
  #process: ChildProcess | null = null;
  #crashes = 0;
  #lastId = 0;

  constructor(parts: BrokerParts) {
    this.#parts = parts;
  }

  /** Process id of the broker, null while there is none. */
  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  readonly start: StartProgram = (call, reader) => {
    if (this.#crashes >= crashLimit) return startHere(call, reader);
    const id = (this.#lastId += 1);
    const ended = new Promise<number>((resolve, reject) => {
      const waiting: Waiting = { id, call, reader, begun: false, ending: false, here: null, resolve, reject };
      this.#waiting.set(id, waiting);
      this.#give(waiting);
    });
    return { ended, end: () => this.#end(id) };
  };

  #give(waiting: Waiting): void {
    const { id, call, reader, resolve, reject } = waiting;
    if (this.#crashes < crashLimit) {
      this.#tell({ kind: 'run', id, call });
      return;
    }
    waiting.here = startHere(call, reader);
    waiting.here.ended.then(resolve, reject).finally(() => this.#waiting.delete(id));
  }

  async #end(id: number): Promise<void> {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined || waiting.ending) return;
    waiting.ending = true;
    if (waiting.here === null) this.#tell({ kind: 'end', id });
    else await waiting.here.end();
  }

  #tell(order: Order): void {
    const broker = this.#process ?? this.#begin();
    // A broker that has just ended takes no more; its end hands the call on.
    broker.send(order, () => undefined);
    this.#hold();
  }

  #begin(): ChildProcess {
    const { execPath, script, env } = this.#parts;
    const broker = fork(script, [], {
      execPath,
      execArgv: [],
      env: { ...env },
      cwd: path.dirname(script),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      detached: process.platform !== 'win32',
    });
    this.#process = broker;
    broker.on('message', (report: Report) => {
      this.#heard(report);
    });
    // The channel ends after the last report; a broker that could not be started has none.
    broker.on('disconnect', () => {
      this.#gone(broker);
    });
    broker.on('error', () => {
      this.#gone(broker);
    });
    return broker;
  }

  #heard(report: Report): void {
    const waiting = this.#waiting.get(report.id);
    if (waiting === undefined) return;
    if (report.kind === 'starting') {
      waiting.begun = true;
      return;
    }
    if (report.kind === 'output') {
      void waiting.reader.output(bufferOf(report.output));
      return;
    }
    this.#crashes = 0;
    this.#waiting.delete(report.id);
    if (report.kind === 'ended') {
      if (report.output.length > 0) void waiting.reader.output(bufferOf(report.output));
      if (report.words.length > 0) waiting.reader.words(bufferOf(report.words));
      waiting.resolve(report.code);
    } else {
      waiting.reject(Object.assign(new Error(report.message), { code: report.code }));
    }
    this.#hold();
  }

  #gone(broker: ChildProcess): void {
    if (this.#process !== broker) return;
    this.#process = null;
    this.#crashes += 1;
    broker.kill('SIGKILL');
    const left = [...this.#waiting.values()];
    for (const waiting of left) {
      if (waiting.here !== null) continue;
      if (waiting.begun || waiting.ending) {
        this.#waiting.delete(waiting.id);
        waiting.reject(new BrokerEnded());
      } else {
        this.#give(waiting);
      }
    }
  }

  /** Keeps this process alive while it waits for an answer, and only then. */
  #hold(): void {
    const broker = this.#process;
    if (this.#waiting.size > 0) {
      broker?.ref();
      broker?.channel?.ref();
    } else {
      broker?.unref();
      broker?.channel?.unref();
    }
  }
}

/** The broker ended while a program ran for it: whether that did its work, nobody knows. */
export class BrokerEnded extends Error {
  constructor() {
    super('The process that runs git for Rigs ended meanwhile.');
    this.name = 'BrokerEnded';
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
