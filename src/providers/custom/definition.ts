import { placeholdersIn } from './placeholders.ts';

/** An agent of a person's own: any command line, as settings describe it. */
export interface CustomAgent {
  /** Also its runner's name. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** How it gets its task: in an argument, as a file whose path it is given, or on its standard input. */
  readonly prompt: 'argument' | 'file' | 'stdin';
  /** How it says that the work is done: with `rigs done`, or by ending with exit code 0. */
  readonly done: 'command' | 'exit';
  readonly env: Readonly<Record<string, string>>;
}

/** A further account of a vendor that Rigs knows: the vendor's own program, told by its environment whose it is. */
export interface Account {
  /** Also its runner's name, and that of its tank. */
  readonly name: string;
  /** The vendor's runner. */
  readonly vendor: AccountVendor;
  /** Empty: as it is set for the vendor. */
  readonly command: string;
  /** Null: as they are set for the vendor. */
  readonly args: readonly string[] | null;
  readonly env: Readonly<Record<string, string>>;
}

const accountVendors = ['claude-code', 'codex', 'gemini-cli'] as const;
export type AccountVendor = (typeof accountVendors)[number];

/** What arguments and variables may hold; each is replaced within its own word, and no shell ever reads it. */
export const known = ['prompt', 'promptFile', 'worktree', 'repository', 'bead', 'title'] as const;
export type Placeholder = (typeof known)[number];

const fields: readonly string[] = ['name', 'command', 'args', 'prompt', 'done', 'env'];
const accountFields: readonly string[] = ['name', 'vendor', 'command', 'args', 'env'];
const taken: ReadonlySet<string> = new Set(['worker', ...accountVendors, 'rehearsal']);
const namePattern = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$/;
const prompts = ['argument', 'file', 'stdin'] as const;
const dones = ['command', 'exit'] as const;

/** An entry of the setting as an agent, or as a sentence that says what is wrong with it. */
export function readCustom(value: unknown): CustomAgent | Account | { readonly problem: string } {
  try {
    if (!isRecord(value)) throw new Problem('An agent must be an object with at least "name" and "command".');
    return 'vendor' in value ? accountIn(value) : agentIn(value);
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message };
    throw error;
  }
}

class Problem extends Error {}

type Fields = Readonly<Record<string, unknown>>;

function accountIn(value: Fields): Account {
  checkFields(value, 'an agent with "vendor"', accountFields);
  const account = {
    name: nameIn(value['name']),
    vendor: oneOf('vendor', accountVendors, value['vendor']),
    command: value['command'] === undefined ? '' : commandIn(value['command']),
    args: value['args'] === undefined ? null : textsIn(value['args']),
    env: envIn(value['env']),
  };
  if (Object.keys(account.env).length === 0)
    throw new Problem('"env" must say which account it is, as CLAUDE_CONFIG_DIR or CODEX_HOME do.');
  // Its vendor tells it of its task, and what is its own is the same for every bead.
  if ([...(account.args ?? []), ...Object.values(account.env)].some((one) => placeholdersIn(one).length > 0))
    throw new Problem('An agent with "vendor" may hold no placeholder.');
  return account;
}

function agentIn(value: Fields): CustomAgent {
  checkFields(value, 'an agent', fields);
  const agent = {
    name: nameIn(value['name']),
    command: commandIn(value['command']),
    args: textsIn(value['args']),
    prompt: oneOf('prompt', prompts, value['prompt']),
    done: oneOf('done', dones, value['done']),
    env: envIn(value['env']),
  };
  return { ...agent, args: withPrompt(agent) };
}

function checkFields(value: Fields, what: string, known: readonly string[]): void {
  const unknown = Object.keys(value).find((field) => !known.includes(field));
  if (unknown !== undefined) throw new Problem(`"${unknown}" is not known; ${what} has ${list(known)}.`);
}

function nameIn(name: unknown): string {
  if (typeof name !== 'string' || !namePattern.test(name))
    throw new Problem('"name" must be 1 to 40 letters, digits, spaces, dots, dashes or underscores.');
  if (taken.has(name.toLowerCase()))
    throw new Problem(`"name": "${name}" is the name of an agent that Rigs knows.`);
  return name;
}

function commandIn(command: unknown): string {
  if (typeof command !== 'string' || command.trim() === '' || command.includes('\0'))
    throw new Problem('"command" must be the name or the path of a program.');
  // One that differs with the bead could be one that the repository brings along.
  if (placeholdersIn(command).length > 0) throw new Problem('"command" may hold no placeholder.');
  return command;
}

function textsIn(args: unknown): readonly string[] {
  if (args === undefined) return [];
  if (!Array.isArray(args) || !args.every((one) => typeof one === 'string' && !one.includes('\0')))
    throw new Problem('"args" must be a list of texts, one for each argument.');
  for (const arg of args as readonly string[]) checkPlaceholders('args', arg);
  return args as readonly string[];
}

function oneOf<const T extends string>(field: string, allowed: readonly [T, ...T[]], value: unknown): T {
  if (value === undefined) return allowed[0];
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new Problem(`"${field}" must be ${list(allowed)}.`);
  return found;
}

function envIn(env: unknown): Readonly<Record<string, string>> {
  if (env === undefined) return {};
  if (!isRecord(env)) throw new Problem('"env" must be an object of variables and their texts.');
  for (const [name, value] of Object.entries(env)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new Problem(`"env": "${name}" is no name of a variable.`);
    if (/^(RIGS|GTR)_/i.test(name)) throw new Problem(`"env": ${name} is set by Rigs.`);
    if (typeof value !== 'string' || value.includes('\0'))
      throw new Problem(`"env": the value of ${name} must be a text.`);
    checkPlaceholders('env', value);
  }
  return env as Readonly<Record<string, string>>;
}

function checkPlaceholders(field: string, text: string): void {
  const unknown = placeholdersIn(text).find((name) => !known.some((one) => one === name));
  if (unknown !== undefined)
    throw new Problem(
      `"${field}": \${${unknown}} is not known; there is ${list(known.map((name) => `\${${name}}`))}. $\${ stands for \${ itself.`,
    );
}

/** A task that reaches nobody is a mistake; where it goes is plain for an argument alone. */
function withPrompt({ args, env, prompt }: Pick<CustomAgent, 'args' | 'env' | 'prompt'>): readonly string[] {
  const used = new Set([...args, ...Object.values(env)].flatMap(placeholdersIn));
  if (prompt === 'argument')
    return used.has('prompt') || used.has('promptFile') ? args : [...args, '${prompt}'];
  if (prompt === 'file' && !used.has('promptFile'))
    throw new Problem('"prompt" is "file", and ${promptFile} is in none of "args" and "env".');
  return args;
}

function list(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
