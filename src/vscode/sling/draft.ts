import type { BeadDraft, BeadSource, BeadType } from '../../town/bead.ts';
import { plain } from '../../words/plain.ts';

type TodoSource = Extract<BeadSource, { kind: 'todo' }>;

/** What a tag asks for, as far as its word says; anything else is something to build. */
const types: Readonly<Record<string, BeadType | undefined>> = { FIXME: 'debug', HACK: 'refactor' };
const maxTitle = 120;

/** A bead of one note or selection. `tag` is null for a selection. */
export function slingDraft(source: TodoSource, tag: string | null): BeadDraft {
  return {
    title: titleOf(source, tag),
    description: descriptionOf(source, tag),
    type: tag === null || !Object.hasOwn(types, tag) ? 'implementation' : (types[tag] ?? 'implementation'),
    priority: 'normal',
    criteria: [],
    dependencies: [],
    touches: [source.file],
    labels: [tag === null ? 'selection' : tag.toLowerCase()],
    estimate: null,
    preferredProvider: null,
    source,
  };
}

function titleOf({ file, line, text }: TodoSource, tag: string | null): string {
  const first =
    text
      .split('\n')
      .find((one) => /[\p{L}\p{N}]/u.test(one))
      ?.trim() ?? '';
  const where = `${file}:${String(line + 1)}`;
  if (first === '') return `${tag ?? 'Work'} in ${where}`;
  return plain(first, maxTitle);
}

/** For the agent, so in English: what was marked and where. */
function descriptionOf({ file, line, symbol, text }: TodoSource, tag: string | null): string {
  const where = `${file}, line ${String(line + 1)}${symbol === null ? '' : `, in ${symbol}`}`;
  const task =
    tag === null
      ? `A person marked this passage in ${where} as work to do:`
      : `Do what the ${tag} in ${where} asks for, and take the ${tag} out once it is done:`;
  const quoted = text.split('\n').map((one) => `    ${one}`);
  return [task, '', ...quoted].join('\n');
}
