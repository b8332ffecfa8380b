/** The JSON value a model's text holds, however it wrapped it; undefined when there is none. */
export function jsonIn(answer: string): unknown {
  const text = withoutThinking(answer).trim();
  for (const candidate of [text, fenced(text), between(text, '{', '}'), between(text, '[', ']')]) {
    if (candidate === null) continue;
    const value = parsed(candidate);
    if (typeof value === 'object' && value !== null) return value;
  }
  return undefined;
}

/** Reasoning models think aloud before they answer; some leave out the opening or are cut before the closing. */
export function withoutThinking(text: string): string {
  const open = '<think>';
  const close = '</think>';
  let rest = text;
  const end = rest.indexOf(close);
  const begin = rest.indexOf(open);
  if (end >= 0 && (begin < 0 || end < begin)) rest = rest.slice(end + close.length);
  const kept: string[] = [];
  for (let at = rest.indexOf(open); at >= 0; at = rest.indexOf(open)) {
    kept.push(rest.slice(0, at));
    const to = rest.indexOf(close, at);
    rest = to < 0 ? '' : rest.slice(to + close.length);
  }
  return kept.join('') + rest;
}

/** The largest fenced block; models quote snippets of the repository before the answer itself. */
function fenced(text: string): string | null {
  let largest: string | null = null;
  const parts = text.split('```');
  for (let index = 1; index < parts.length; index += 2) {
    const block = (parts[index] ?? '').replace(/^[a-z0-9]*\s*\n/i, '');
    if (largest === null || block.length > largest.length) largest = block;
  }
  return largest;
}

function between(text: string, open: string, close: string): string | null {
  const from = text.indexOf(open);
  const to = text.lastIndexOf(close);
  return from >= 0 && to > from ? text.slice(from, to + 1) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // the next candidate is tried; none at all is reported as garbage by the caller
  }
}
