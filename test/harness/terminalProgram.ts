/** Programs on a terminal of their own where there is no editor: `script` gives them one. */

const size = 'stty rows 40 cols 120';

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

export interface TerminalProgram {
  readonly file: string;
  readonly args: readonly string[];
}

/** What to start instead of a program, so that it has a terminal; what it prints comes out of `script`. */
export function onTerminal({ file, args }: TerminalProgram): TerminalProgram {
  const line = `${size}; exec ${[file, ...args].map(quoted).join(' ')}`;
  return process.platform === 'linux'
    ? { file: 'script', args: ['-qfec', line, '/dev/null'] }
    : { file: 'script', args: ['-q', '/dev/null', '/bin/sh', '-c', line] };
}

/** What a terminal is asked by its program, and says. Without an answer some wait, and others give up. */
const questions: readonly (readonly [question: string, answer: string])[] = [
  ['\u001b[6n', '\u001b[1;1R'],
  ['\u001b[c', '\u001b[?62;c'],
  ['\u001b[0c', '\u001b[?62;c'],
];

/** The answers to the questions in what a program prints, piece by piece: a question may be cut in two. */
export function answering(): (piece: string) => string {
  let cut = '';
  return (piece) => {
    const printed = cut + piece;
    cut = beginningAtEndOf(printed);
    return questions.map(([question, answer]) => answer.repeat(printed.split(question).length - 1)).join('');
  };
}

/** The part of a question with which a text ends, not the whole of one. */
function beginningAtEndOf(text: string): string {
  const at = text.lastIndexOf('\u001b');
  const end = at < 0 ? '' : text.slice(at);
  return questions.some(([question]) => question !== end && question.startsWith(end)) ? end : '';
}
