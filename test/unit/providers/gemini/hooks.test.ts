import assert from 'node:assert/strict';
import { type HookAnswer, HookError, type HookMeaning } from '../../../../src/ports/agents.ts';
import { gemini } from '../../../../src/providers/gemini/vendor.ts';

/** As Gemini CLI 0.61.0 writes them, with shorter paths. */
const common = {
  session_id: '207ad0d4-2a06-4aa0-8b9a-1b51a5df6bb1',
  transcript_path: '/a/.gemini/tmp/wt/chats/session-2026-11-21T18-12-207ad0d4.jsonl',
  cwd: '/a/wt',
  timestamp: '2026-11-21T18:12:48.093Z',
};
const heard = (event: string, more: object): HookMeaning =>
  gemini.hook(event, JSON.stringify({ ...common, hook_event_name: event, ...more }));
const doing = (kind: string, detail: string | null = null): object => ({
  kind: 'doing',
  doing: { kind, until: null, detail },
});
const conversation = { kind: 'conversation', id: common.session_id };

describe("Gemini CLI's hooks", () => {
  it('name the session when it begins, goes on, or is cleared', () => {
    for (const source of ['startup', 'resume', 'clear']) {
      const { sightings, question } = heard('SessionStart', { source });
      assert.deepEqual([sightings, question], [[conversation, { kind: 'alive' }], null]);
    }
  });

  it('tell which prompt reached it, and listen', () => {
    const { sightings, question } = heard('BeforeAgent', { prompt: 'Say "hello"\n$(id)' });
    assert.deepEqual(sightings, [
      conversation,
      doing('working'),
      { kind: 'heard', text: 'Say "hello"\n$(id)' },
    ]);
    assert.deepEqual(question, { kind: 'ear' });
  });

  it('show it at work after a tool, and listen', () => {
    const { sightings, question } = heard('AfterTool', {
      tool_name: 'run_shell_command',
      tool_input: { command: 'echo hi > a.txt', description: 'say' },
      tool_response: { llmContent: 'Output: (empty)' },
    });
    const settled = { kind: 'settled', tool: 'run', detail: 'echo hi > a.txt' };
    assert.deepEqual([sightings, question], [[settled, doing('working')], { kind: 'ear' }]);
  });

  const decided: readonly (readonly [string, string, object, object])[] = [
    ['command line', 'run_shell_command', { tool_input: { command: 'ls' } }, { type: 'exec', command: 'ls' }],
    ['file', 'write_file', { tool_input: { file_path: 'b.txt' } }, { type: 'edit', filePath: '/a/wt/b.txt' }],
    ['change', 'replace', { tool_input: { file_path: '/a/c' } }, { type: 'edit', filePath: '/a/c' }],
    ['page', 'web_fetch', { tool_input: { prompt: 'x' } }, { type: 'info', title: 'Confirm Web Fetch' }],
    ['skill', 'activate_skill', { tool_input: { name: 'x' } }, { type: 'info', title: 'Activate Skill: x' }],
    [
      "server's tool",
      'mcp_jira_close',
      { tool_input: { id: 1 }, mcp_context: { server_name: 'jira', tool_name: 'close' } },
      { type: 'mcp', serverName: 'jira', toolName: 'close' },
    ],
    [
      'command line of a length',
      'run_shell_command',
      { tool_input: { command: 'x'.repeat(9_000) } },
      { type: 'exec', command: 'x'.repeat(9_000) },
    ],
  ];
  for (const [what, tool_name, ran, details] of decided) {
    it(`tell after a tool, as they asked about it, which one is decided: a ${what}`, () => {
      const shown = heard('Notification', { notification_type: 'ToolPermission', details }).sightings[0];
      const [settled] = heard('AfterTool', { tool_name, ...ran }).sightings;
      assert.ok(shown?.kind === 'doing' && settled?.kind === 'settled');
      assert.equal(settled.detail, shown.doing.detail);
    });
  }

  it('tell of nothing decided after a tool about which nobody is asked', () => {
    for (const tool_name of ['read_file', 'constructor', 7, undefined])
      assert.deepEqual(heard('AfterTool', { tool_name, tool_input: {} }).sightings, [doing('working')]);
  });

  it('ask about what is too long to be read by its sum as well', () => {
    const detailOf = (end: string): unknown => {
      const details = { type: 'exec', command: 'x'.repeat(50_000) + end };
      const [one] = heard('Notification', { notification_type: 'ToolPermission', details }).sightings;
      return one?.kind === 'doing' ? one.doing.detail : null;
    };
    assert.notEqual(detailOf('a'), detailOf('b'));
  });

  it('ask at the end of a turn whether it goes on', () => {
    const { sightings, question } = heard('AfterAgent', {
      prompt: 'Say hello',
      prompt_response: 'ok',
      stop_hook_active: false,
    });
    const said = { kind: 'said', text: 'ok' };
    assert.deepEqual([sightings, question], [[doing('idle'), said], { kind: 'turnEnd' }]);
  });

  it('ask nothing after a turn in which nothing was said: what refused it is told elsewhere', () => {
    const { sightings, question } = heard('AfterAgent', { prompt_response: '[no response text]' });
    assert.deepEqual([sightings, question], [[{ kind: 'alive' }], null]);
  });

  const permissions: readonly (readonly [string, object, object])[] = [
    [
      'a command line, exactly',
      { type: 'exec', title: 'Confirm Shell Command', command: 'echo hi > a.txt', rootCommand: 'echo' },
      doing('permission', 'echo hi > a.txt'),
    ],
    [
      'the file it would write',
      { type: 'edit', title: 'Confirm Write: b.txt', fileName: 'b.txt', filePath: '/a/wt/b.txt' },
      doing('permission', '/a/wt/b.txt'),
    ],
    [
      "another server's tool",
      { type: 'mcp', title: 'Confirm MCP Tool', serverName: 'jira', toolName: 'close' },
      doing('permission', 'jira close'),
    ],
    ['a question of its own', { type: 'ask_user', title: 'Ask User' }, doing('question', 'Ask User')],
    ['whatever comes later', { type: 'new', title: 'Confirm It' }, doing('permission', 'Confirm It')],
  ];
  for (const [what, details, expected] of permissions) {
    it(`show on which question it waits: ${what}`, () => {
      const message = 'Tool requires confirmation';
      const { sightings, question } = heard('Notification', {
        notification_type: 'ToolPermission',
        message,
        details,
      });
      assert.deepEqual([sightings, question], [[expected], null]);
    });
  }

  it('that nobody knows yet say that it is alive', () => {
    for (const event of ['SessionEnd', 'PreCompress', 'constructor', 'Newer']) {
      const { sightings, question } = heard(event, {});
      assert.deepEqual([sightings, question], [[{ kind: 'alive' }], null]);
    }
    assert.deepEqual(heard('Notification', { notification_type: 'Other' }).sightings, [{ kind: 'alive' }]);
  });

  const hostile = ['', 'no json', '[]', 'null', '"x"', '{"session_id":1}', '{}'];
  for (const body of hostile) {
    it(`are refused when they say ${body === '' ? 'nothing' : body}`, () => {
      assert.throws(() => gemini.hook('BeforeAgent', body), HookError);
    });
  }

  it('are refused when the session has a name that could be an option or a path', () => {
    for (const session_id of ['--yolo', '../x', 'a b', ''])
      assert.throws(() => heard('SessionStart', { session_id }), HookError);
  });

  describe('are answered in its own format', () => {
    const print = (event: string, answer: HookAnswer): unknown => {
      const printed = heard(event, { prompt: '', prompt_response: 'x' }).print(answer);
      return printed === '' ? null : (JSON.parse(printed) as unknown);
    };

    it('to go on', () => {
      const message = 'Say done, "please"';
      assert.deepEqual(print('AfterAgent', { kind: 'goOn', message }), { decision: 'deny', reason: message });
    });

    it('to be told something', () => {
      for (const event of ['BeforeAgent', 'AfterTool'])
        assert.deepEqual(print(event, { kind: 'tell', message: 'Look' }), {
          hookSpecificOutput: { hookEventName: event, additionalContext: 'Look' },
        });
    });

    it('with nothing when the answer does not fit', () => {
      const answers: readonly HookAnswer[] = [
        { kind: 'nothing' },
        { kind: 'allow' },
        { kind: 'undecided' },
        { kind: 'deny', message: 'no' },
      ];
      for (const event of ['SessionStart', 'BeforeAgent', 'AfterTool', 'AfterAgent', 'Newer'])
        for (const answer of answers) assert.equal(print(event, answer), null);
      assert.equal(print('AfterTool', { kind: 'goOn', message: 'x' }), null);
      assert.equal(print('AfterAgent', { kind: 'tell', message: 'x' }), null);
    });
  });
});
