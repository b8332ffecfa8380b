import { asList, asRecord, asText } from './json.ts';

const scalars: Readonly<Record<string, unknown>> = {
  string: 'A sample',
  number: 1,
  integer: 1,
  boolean: true,
  null: null,
};

/** The smallest value that fits a JSON schema; Gemini writes its types in capitals. */
export function sampleOf(schema: unknown): unknown {
  const shape = asRecord(schema);
  const type = asText(Array.isArray(shape['type']) ? shape['type'][0] : shape['type']).toLowerCase();
  if ('const' in shape) return shape['const'];
  if (Array.isArray(shape['enum'])) return shape['enum'][0] as unknown;
  const [either] = [...asList(shape['anyOf']), ...asList(shape['oneOf'])];
  if (either !== undefined) return sampleOf(either);
  if (type === 'array') return [];
  if (type in scalars) return scalars[type];
  const properties = Object.entries(asRecord(shape['properties']));
  return Object.fromEntries(properties.map(([key, inner]) => [key, sampleOf(inner)]));
}
