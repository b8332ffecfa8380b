import { builtIn } from '../town/polecat.ts';

/** How a runner's terminals look: the same in every window, so that three agents side by side are told apart. */
export interface TerminalLook {
  /** A codicon. */
  readonly icon: string;
  /** A colour of the theme. */
  readonly color: string;
}

const looks: Readonly<Record<string, TerminalLook>> = {
  [builtIn]: { icon: 'robot', color: 'terminal.ansiCyan' },
  'claude-code': { icon: 'sparkle', color: 'terminal.ansiYellow' },
  codex: { icon: 'hubot', color: 'terminal.ansiGreen' },
  'gemini-cli': { icon: 'star-full', color: 'terminal.ansiBlue' },
};

const otherColors = ['terminal.ansiMagenta', 'terminal.ansiCyan', 'terminal.ansiRed'] as const;

export function runnerLook(runner: string): TerminalLook {
  const known = Object.hasOwn(looks, runner) ? looks[runner] : undefined;
  if (known !== undefined) return known;
  const sum = Array.from(runner).reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return { icon: 'terminal', color: otherColors[sum % otherColors.length] ?? otherColors[0] };
}
