/** Scripts for agents at work: which task a request is about, and what its model does at which step. */
import { actsOf } from './acts.ts';
import type { Play, Turn, WireRequest } from './turn.ts';

/** What is done at one step of a conversation; a function may look at the request, and take its time. */
export type Step = Turn | ((request: WireRequest) => Turn | Promise<Turn>);

export const run =
  (command: string, text = ''): Step =>
  (request) => ({ text, tools: [actsOf(request).run(command)] });

/** A command line for which its person is asked. */
export const runAsking =
  (command: string): Step =>
  (request) => ({ tools: [actsOf(request).runAsking(command)] });

/** By the MCP tool. */
export const done =
  (summary = 'It is done.'): Step =>
  (request) => ({ tools: [actsOf(request).rigs('rigs_done', { summary })] });

export const say = (text: string): Step => ({ text });

/** Writes a line into a file and commits it. Said twice, it would stand there twice. */
export const committing = (file: string, line: string): string =>
  `printf '%s\\n' '${line}' >> ${file} && git add ${file} && git commit -q -m 'Add ${line} to ${file}'`;

export const commit = (file: string, line: string): Step => run(committing(file, line));

/** A step that waits until the test opens it. */
export class Gate {
  readonly opened: Promise<void>;
  open: () => void = () => undefined;
  /** Requests that came to it so far. */
  reached = 0;

  constructor() {
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  before(step: Step): Step {
    return async (request) => {
      this.reached += 1;
      await this.opened;
      return stepFor(step, request);
    };
  }
}

function stepFor(step: Step, request: WireRequest): Turn | Promise<Turn> {
  return typeof step === 'function' ? step(request) : step;
}

/** A step that fails first, and then is what it is. */
export function onceMet(failures: readonly Step[], step: Step): Step {
  const left = [...failures];
  return (request) => stepFor(left.shift() ?? step, request);
}

/**
 * Plays tasks by their titles. What was said last in a conversation of one agent decides nothing: the step is how often
 * the model has spoken, so a request that is sent again gets the same step again, and a resumed conversation goes on.
 */
export function tasks(book: Readonly<Record<string, readonly Step[]>>): Play {
  return (request) => {
    const told = request.said.join('\n');
    const [title] = Object.keys(book)
      .filter((one) => told.includes(one))
      .sort((a, b) => b.length - a.length);
    const step = title === undefined ? undefined : book[title]?.[request.answered];
    return step === undefined ? { text: 'There is nothing left to do for me.' } : stepFor(step, request);
  };
}
