export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object as it stands; an empty one for anything else. */
export function jsonOf(value: unknown): Json {
  return isJson(value) ? value : {};
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** A settings file of Gemini CLI: an object, perhaps with comments. Throws `SyntaxError`. */
export function parseSettings(text: string): Json {
  const value: unknown = JSON.parse(withoutComments(text.replace(/^\uFEFF/, '')));
  if (!isJson(value)) throw new SyntaxError('It is not an object.');
  return value;
}

/** A text is matched first, so that what looks like a comment inside one stays. */
const textOrComment = /"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[^]*?\*\//g;

function withoutComments(text: string): string {
  return text.replaceAll(textOrComment, (found) => (found.startsWith('"') ? found : ' '));
}
