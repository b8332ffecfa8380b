import { ModelError, type ToolUseBlock } from '../ports/models.ts';

/**
 * A tool's input from the JSON it arrived as; null for one that the limit on tokens cut in two, because half a call must
 * not run. Throws `ModelError` `protocol`.
 */
export function callInput(name: string, json: string, cutOff: boolean): ToolUseBlock['input'] | null {
  const input = parsed(json);
  if (input !== null || cutOff) return input;
  throw new ModelError('protocol', `The model called ${name} with something that is not JSON.`);
}

function parsed(json: string): ToolUseBlock['input'] | null {
  if (json.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
