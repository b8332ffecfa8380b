import * as v from 'valibot';

export type Checked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** Validates a message at the door. `why` names the place and the expectation, never the value itself. */
export function checkMessage<S extends v.GenericSchema>(
  schema: S,
  message: unknown,
): Checked<v.InferOutput<S>> {
  const result = v.safeParse(schema, message, { abortEarly: true });
  if (result.success) return { ok: true, value: result.output };
  const [issue] = result.issues;
  const place = v.getDotPath(issue) ?? 'message';
  return { ok: false, why: `${place}: expected ${issue.expected ?? issue.type}`.slice(0, 200) };
}
