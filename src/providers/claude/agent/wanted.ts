import { cutDetail } from '../../cutDetail.ts';

/** A tool's call as a person reads it, and as *Always* remembers it. */
export interface Wanted {
  readonly tool: string;
  readonly detail: string;
}

type Input = Readonly<Record<string, unknown>>;

/** Of a command line these change when and how long it runs, and not what. */
const harmless = ['description', 'timeout', 'run_in_background'];

/** Tools whose one field needs no name, because nobody could take it for another. */
const onlyField: Readonly<Partial<Record<string, string>>> = {
  Read: 'file_path',
  Glob: 'pattern',
  Grep: 'pattern',
  LS: 'path',
  Skill: 'skill',
  WebSearch: 'query',
};

/**
 * What a call of a tool would do. Two calls that differ never read the same: a person's yes must not hold for
 * something they did not see.
 */
export function wanted(tool: string, input: Input): Wanted {
  const tell = Object.hasOwn(tellings, tool) ? tellings[tool] : undefined;
  const told = tell?.(input) ?? null;
  const said = told ?? { tool, detail: only(tool, input) ?? JSON.stringify(input, null, 2) };
  return { tool: said.tool, detail: cutDetail(said.detail) };
}

/** What could be read as fields, or as more than one line of its own, is told with its field's name. */
function only(tool: string, input: Input): string | null {
  const name = Object.hasOwn(onlyField, tool) ? onlyField[tool] : undefined;
  const [[field, value] = [], ...more] = Object.entries(input);
  if (more.length > 0 || field !== name || typeof value !== 'string') return null;
  return /^\{|\n/.test(value) ? null : value;
}

const tellings: Readonly<Partial<Record<string, (input: Input) => Wanted | null>>> = {
  Bash: (input) => {
    const { command, ...rest } = input;
    const isPlain = Object.keys(rest).every((name) => harmless.includes(name));
    return typeof command === 'string' && isPlain ? { tool: 'run', detail: command } : null;
  },
  Write: (input) => {
    const { file_path, content, ...rest } = input;
    if (typeof file_path !== 'string' || typeof content !== 'string') return null;
    if (file_path.includes('\n') || !isEmpty(rest)) return null;
    return { tool: 'Write', detail: `${file_path}\n\n${content}` };
  },
  Edit: (input) => {
    const { file_path, old_string, new_string, replace_all = false, ...rest } = input;
    if (typeof file_path !== 'string' || typeof old_string !== 'string' || typeof new_string !== 'string')
      return null;
    if (typeof replace_all !== 'boolean' || file_path.includes('\n') || !isEmpty(rest)) return null;
    const where = replace_all ? [file_path, 'everywhere'] : [file_path];
    return {
      tool: 'Edit',
      detail: [...where, '', ...marked('-', old_string), ...marked('+', new_string)].join('\n'),
    };
  },
};

function isEmpty(rest: Input): boolean {
  return Object.keys(rest).length === 0;
}

function marked(mark: string, text: string): readonly string[] {
  return text.split('\n').map((line) => `${mark} ${line}`);
}
