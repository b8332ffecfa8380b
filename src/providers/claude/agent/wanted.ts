import { createHash } from 'node:crypto';

/** A tool's call as a person reads it, and as *Always* remembers it. */
export interface Wanted {
  readonly tool: string;
  readonly detail: string;
}

type Input = Readonly<Record<string, unknown>>;

/** Of a command line these change when and how long it runs, and not what. */
const harmless = ['description', 'timeout', 'run_in_background'];

const longestDetail = 8_000;

/**
 * What a call of a tool would do. Two calls that differ never read the same: a person's yes must not hold for
 * something they did not see.
 */
export function wanted(tool: string, input: Input): Wanted {
  const tell = Object.hasOwn(tellings, tool) ? tellings[tool] : undefined;
  const told = tell?.(input) ?? null;
  const [first, ...more] = Object.entries(input);
  const only = more.length === 0 && typeof first?.[1] === 'string' ? first[1] : null;
  const said = told ?? { tool, detail: only ?? JSON.stringify(input, null, 2) };
  return { tool: said.tool, detail: cut(said.detail) };
}

const tellings: Readonly<Partial<Record<string, (input: Input) => Wanted | null>>> = {
  Bash: (input) => {
    const { command, ...rest } = input;
    const isPlain = Object.keys(rest).every((name) => harmless.includes(name));
    return typeof command === 'string' && isPlain ? { tool: 'run', detail: command } : null;
  },
  Write: (input) => {
    const { file_path, content, ...rest } = input;
    if (typeof file_path !== 'string' || typeof content !== 'string' || !isEmpty(rest)) return null;
    return { tool: 'Write', detail: `${file_path}\n\n${content}` };
  },
  Edit: (input) => {
    const { file_path, old_string, new_string, replace_all = false, ...rest } = input;
    if (typeof file_path !== 'string' || typeof old_string !== 'string' || typeof new_string !== 'string')
      return null;
    if (typeof replace_all !== 'boolean' || !isEmpty(rest)) return null;
    const where = replace_all ? `${file_path} (everywhere)` : file_path;
    return {
      tool: 'Edit',
      detail: [where, '', ...marked('-', old_string), ...marked('+', new_string)].join('\n'),
    };
  },
};

function isEmpty(rest: Input): boolean {
  return Object.keys(rest).length === 0;
}

function marked(mark: string, text: string): readonly string[] {
  return text.split('\n').map((line) => `${mark} ${line}`);
}

/** The sum stands for what is not shown. */
function cut(detail: string): string {
  if (detail.length <= longestDetail) return detail;
  const sum = createHash('sha256').update(detail).digest('hex');
  return `${detail.slice(0, longestDetail)}\n… ${String(detail.length - longestDetail)} more characters, SHA-256 ${sum}`;
}
