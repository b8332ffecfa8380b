import { ModelError } from '../ports/models.ts';

/** Nobody's tokens are longer on average; an answer beyond this ignores what it was asked for. */
const longestTokenInCharacters = 64;

/** Counts the characters of an answer; throws `ModelError` `protocol` when it does not end. */
export function roomFor(maxOutputTokens: number): (piece: string) => void {
  let room = Math.max(maxOutputTokens, 1000) * longestTokenInCharacters;
  return (piece) => {
    room -= piece.length;
    if (room < 0) throw new ModelError('protocol', 'The model answers without end.');
  };
}
