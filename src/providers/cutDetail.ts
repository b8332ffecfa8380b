import { createHash } from 'node:crypto';

const longestDetail = 8_000;

/**
 * What an agent asks leave for, short enough to be read. The sum stands for what is not shown, so that two that differ
 * never read the same.
 */
export function cutDetail(detail: string): string {
  if (detail.length <= longestDetail) return detail;
  const sum = createHash('sha256').update(detail).digest('hex');
  return `${detail.slice(0, longestDetail)}\n… ${String(detail.length - longestDetail)} more characters, SHA-256 ${sum}`;
}
