/** What Claude Code 2.1.329 wrote to its hooks, on one small job; shortened, and with another person's paths. */
const common = {
  session_id: '6f0c1a52-8a3e-4c1b-9a70-2f6f1f3f9d10',
  transcript_path:
    '/home/p/.claude/projects/-home-p-words-rigs-nux/6f0c1a52-8a3e-4c1b-9a70-2f6f1f3f9d10.jsonl',
  cwd: '/home/p/words.rigs/nux',
};
const turn = {
  ...common,
  prompt_id: 'edf4b78c-3547-4318-85f3-daf64751d40e',
  permission_mode: 'default',
  effort: { level: 'medium' },
};

export const said = {
  SessionStart: {
    ...common,
    hook_event_name: 'SessionStart',
    source: 'startup',
    model: 'claude-opus-5-5',
  },
  UserPromptSubmit: { ...turn, hook_event_name: 'UserPromptSubmit', prompt: 'Do "it"\nnow' },
  PermissionRequest: {
    ...turn,
    hook_event_name: 'PermissionRequest',
    tool_name: 'Bash',
    tool_input: { command: 'echo "hi there" > b.txt', description: 'Write' },
    permission_suggestions: [
      { type: 'addDirectories', directories: ['/home/p/words.rigs/nux'], destination: 'session' },
    ],
  },
  PostToolBatch: {
    ...turn,
    hook_event_name: 'PostToolBatch',
    tool_calls: [
      {
        tool_name: 'Bash',
        tool_input: { command: 'echo "hi there" > b.txt', description: 'Write' },
        tool_use_id: 'toolu_1',
        tool_response: 'Exit code 1',
      },
      {
        tool_name: 'Read',
        tool_input: { file_path: '/home/p/words.rigs/nux/a.txt' },
        tool_use_id: 'toolu_2',
        tool_response: '1\thello\n2\t',
      },
    ],
  },
  Notification: {
    ...common,
    hook_event_name: 'Notification',
    message: "Auto mode can't check actions in this session and needs your choice",
    notification_type: 'agent_needs_input',
  },
  Stop: {
    ...turn,
    hook_event_name: 'Stop',
    stop_hook_active: false,
    last_assistant_message: 'Done.',
    background_tasks: [],
    session_crons: [],
  },
  StopFailure: {
    ...common,
    hook_event_name: 'StopFailure',
    error: 'authentication_failed',
    last_assistant_message: 'Please run /login · API Error: 401 Scripted 401',
  },
  statusLine: {
    ...common,
    model: { id: 'claude-sonnet-5-5', display_name: 'Sonnet 5.5' },
    cost: { total_cost_usd: 0.0032 },
    rate_limits: {
      five_hour: { used_percentage: 42, resets_at: 1795291751 },
      seven_day: { used_percentage: 11.5, resets_at: 1795684551 },
    },
  },
} as const;
