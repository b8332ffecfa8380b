import { plainLines } from './plain.ts';

/** Characters of output an agent gets to see (about 2,000 tokens); the whole of it lies in a file. */
export const maxQuoted = 8_000;

/** Output between fences that it cannot close itself; where it is long, the middle gives way. */
export function quote(output: string, max: number = maxQuoted): string {
  const cut = shorten(output, max);
  const longest = (cut.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${cut}\n${fence}`;
}

/** Failures are told at the end; what was run stands at the beginning. So a quarter of the head, the rest tail. */
function shorten(output: string, max: number): string {
  const rough = output.length > max * 4 ? `${output.slice(0, max)}\n${output.slice(-3 * max)}` : output;
  const text = plainLines(rough).trim();
  if (text.length <= max) return text;
  const head = Math.floor(max / 4);
  const left = output.length - max;
  return `${plainLines(text.slice(0, head))}\n… ${String(left)} characters left out …\n${plainLines(text.slice(head - max))}`;
}
