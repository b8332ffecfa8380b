import { ValiError } from 'valibot';
import { ollamaAddress } from './models.ts';
import { readModels } from './wire.ts';

/** What an Ollama server has: models it could run, and those that stand in its memory. */
export interface OllamaState {
  readonly installed: readonly string[];
  readonly loaded: readonly string[];
}

/** A server on this machine answers at once, or is not there. */
const longestMs = 2_000;

/** Null: none answers there, or something else does. */
export async function ollamaState(baseUrl: string | null): Promise<OllamaState | null> {
  const base = (baseUrl ?? ollamaAddress).replace(/\/+$/, '');
  const ask = async (path: string): Promise<readonly string[]> => {
    const response = await fetch(`${base}${path}`, { signal: AbortSignal.timeout(longestMs) });
    if (!response.ok) throw new TypeError(`answered ${String(response.status)}`);
    return readModels(await response.json());
  };
  try {
    const [installed, loaded] = await Promise.all([ask('/api/tags'), ask('/api/ps')]);
    return { installed, loaded };
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}

/** Refused, silent, or no Ollama. */
function isAbsence(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    error instanceof SyntaxError ||
    error instanceof ValiError ||
    error instanceof DOMException
  );
}

/** The installed model that a name means: `llama3.2` is `llama3.2:latest`, as the server itself reads it. */
export function installedModel({ installed, loaded }: OllamaState, wanted: string): string | null {
  if (wanted === '') return loaded[0] ?? installed[0] ?? null;
  const full = wanted.includes(':') ? wanted : `${wanted}:latest`;
  return installed.find((name) => name === wanted || name === full) ?? null;
}
