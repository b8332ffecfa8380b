import { glob } from './tidy.ts';

/** `` `src/a b.ts`, test/{x,y}.ts ``: between backticks anything, else up to a comma outside braces. */
export function readGlobs(value: string): readonly string[] {
  if (/^(?:-|–|—|none)$/i.test(value)) return [];
  const found: string[] = [];
  let at = 0;
  while (at < value.length) {
    const end = value[at] === '`' ? quotedEnd(value, at) : bareEnd(value, at);
    found.push(glob(value.slice(at, end)));
    at = end + 1;
    while (value[at] === ' ' || value[at] === ',') at += 1;
  }
  return [...new Set(found.filter((one) => one !== ''))];
}

function quotedEnd(value: string, at: number): number {
  const end = value.indexOf('`', at + 1);
  return end < 0 ? value.length : end;
}

function bareEnd(value: string, at: number): number {
  let depth = 0;
  for (let end = at; end < value.length; end += 1) {
    const one = value[end];
    if (one === '{') depth += 1;
    else if (one === '}') depth = Math.max(0, depth - 1);
    else if (one === ',' && depth === 0) return end;
  }
  return value.length;
}
