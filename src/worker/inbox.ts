import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { plain } from '../words/plain.ts';

/** Lines that a person typed and the model has not read yet. */
export interface Inbox {
  take(): readonly string[];
  close(): void;
}

const maxLine = 4_000;

/**
 * Listens to lines as the terminal hands them over, in its usual line mode: with raw keys a reload of the window
 * would leave a terminal behind in which nobody can type.
 */
export function openInbox(input: Readable, onTyped: (text: string) => void): Inbox {
  const waiting: string[] = [];
  const lines = createInterface({ input, terminal: false });
  lines.on('line', (line) => {
    const text = plain(line, maxLine);
    if (text === '') return;
    waiting.push(text);
    onTyped(text);
  });
  // A terminal that was closed; its hang-up signal decides what happens.
  input.on('error', () => {
    lines.close();
  });
  return {
    take: () => waiting.splice(0),
    close: () => {
      lines.close();
    },
  };
}
