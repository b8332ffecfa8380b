import * as v from 'valibot';

/**
 * What a tool is given. `v.record` would leave out fields named `constructor` and the like, and two calls that differ
 * would read the same.
 */
const input = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
/** Of work that a subagent does beside the main thread. */
const aside = v.optional(v.string());

/** What Claude Code 2.1.197–2.1.329 writes to its hooks, as far as Rigs reads it. */
export const payloads = {
  SessionStart: v.object({ session_id: v.pipe(v.string(), v.uuid()) }),
  UserPromptSubmit: v.object({ prompt: v.string() }),
  PostToolBatch: v.object({
    agent_id: aside,
    tool_calls: v.fallback(v.array(v.object({ tool_name: v.string(), tool_input: input })), []),
  }),
  PermissionRequest: v.object({ tool_name: v.pipe(v.string(), v.nonEmpty()), tool_input: input }),
  Notification: v.object({
    notification_type: v.string(),
    message: v.fallback(v.nullable(v.string()), null),
  }),
  Stop: v.object({
    background_tasks: v.fallback(v.array(v.object({ type: v.string() })), []),
    last_assistant_message: v.fallback(v.nullable(v.string()), null),
  }),
  StopFailure: v.object({
    error: v.string(),
    last_assistant_message: v.fallback(v.nullable(v.string()), null),
  }),
  statusLine: v.object({
    rate_limits: v.fallback(
      v.record(
        v.pipe(v.string(), v.regex(/^\w{1,40}$/)),
        v.fallback(
          v.nullable(
            v.object({
              used_percentage: v.pipe(v.number(), v.finite(), v.minValue(0)),
              /** In s. */
              resets_at: v.fallback(v.nullable(v.pipe(v.number(), v.finite())), null),
            }),
          ),
          null,
        ),
      ),
      {},
    ),
  }),
};
