/** A name as one word of a key that has several: what parts them is a blank, and names may have some. */
export function asWord(name: string): string {
  return name.replaceAll('%', '%25').replaceAll(' ', '%20');
}

/** The name behind such a word. */
export function nameIn(word: string): string {
  return word.replaceAll('%20', ' ').replaceAll('%25', '%');
}
