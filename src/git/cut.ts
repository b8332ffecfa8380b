import { cutMark } from '../town/decides.ts';

/** Output that may have been cut, as text that says so; never ends inside a line or a character. */
export function cutText(output: Buffer, cut: boolean, limit: number): string {
  if (!cut) return output.toString('utf8');
  const whole = output.subarray(0, output.lastIndexOf(0x0a) + 1).toString('utf8');
  return `${whole}${cutMark}the diff is longer than ${String(limit)} bytes\n`;
}
