import { readIfThere } from '../../system/readIfThere.ts';
import { GeminiError } from './error.ts';
import { type Json, parseSettings } from './json.ts';

/** A settings file of the person's; nothing where there is none. Throws `GeminiError` for one that cannot be read. */
export async function readSettings(file: string): Promise<Json> {
  const text = await readIfThere(file);
  if (text === null) return {};
  try {
    return parseSettings(text);
  } catch (error) {
    throw new GeminiError('settings', `Gemini CLI's own ${file} cannot be read: ${String(error)}`, {
      cause: error,
    });
  }
}
