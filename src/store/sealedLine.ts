import { crc32 } from 'node:zlib';

/**
 * A sealed line is one JSON object whose last member is the CRC-32 of the line without that member, so that a line
 * cut short or changed by one bit is told apart from a good one.
 */
const crcMember = ',"crc":"';
/** `,"crc":"89abcdef"}` */
const sealLength = crcMember.length + 8 + 2;
const closingBrace = Buffer.from('}');

/** The object as one line, newline included. It must have at least one member. */
export function seal(value: Readonly<Record<string, unknown>>): string {
  const body = JSON.stringify(value);
  return `${body.slice(0, -1)}${crcMember}${hex(crc32(body))}"}\n`;
}

/** The object of a line (newline not included), or undefined when the seal is broken. */
export function unseal(line: Uint8Array): unknown {
  const end = line.length - sealLength;
  if (end <= 0) return undefined;
  const sealed = Buffer.from(line.buffer, line.byteOffset, line.length);
  const crc = hex(crc32(closingBrace, crc32(sealed.subarray(0, end))));
  if (sealed.toString('latin1', end) !== `${crcMember}${crc}"}`) return undefined;
  // The seal was made over a line that JSON.stringify wrote, so this cannot throw.
  return JSON.parse(`${sealed.toString('utf8', 0, end)}}`);
}

/**
 * Whether a good line stands at the beginning of these bytes with something else than a newline behind it. What a
 * crash leaves is a beginning of a line; only damage makes a whole one run into the next.
 */
export function hidesSealedLine(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(crcMember); at !== -1; at = bytes.indexOf(crcMember, at + 1)) {
    const end = at + sealLength;
    if (end < bytes.length && unseal(bytes.subarray(0, end)) !== undefined) return true;
  }
  return false;
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}
