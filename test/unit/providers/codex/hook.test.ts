import assert from 'node:assert/strict';
import type { HookAnswer } from '../../../../src/ports/agents.ts';
import { HookError } from '../../../../src/ports/agents.ts';
import { readHook } from '../../../../src/providers/codex/hook.ts';

const id = '01a1ff47-9c40-7bf0-8144-c430ec24cc67';

/** As Codex 0.169.0 sends them, with the paths shortened. */
function call(event: string, more: object): string {
  return JSON.stringify({
    session_id: id,
    turn_id: '01a1ff47-9d0e-7843-b638-30ecc7aac41b',
    transcript_path: `/home/person/.codex/sessions/2026/11/21/rollout-2026-11-21T18-04-05-${id}.jsonl`,
    cwd: '/work/repo.rigs/nux',
    hook_event_name: event,
    model: 'gpt-6.1-sol',
    permission_mode: 'default',
    ...more,
  });
}

const bash = (command: unknown): object => ({
  tool_name: 'Bash',
  tool_input: { command, description: 'please' },
});
const printed = (event: string, more: object, answer: HookAnswer): string =>
  readHook(event, call(event, more)).print(answer);

describe('Hooks of Codex', () => {
  it('name the conversation that begins, is gone on with or is begun anew', () => {
    for (const source of ['startup', 'resume', 'clear']) {
      const { sightings, question } = readHook('SessionStart', call('SessionStart', { source }));
      assert.deepEqual(sightings, [{ kind: 'conversation', id }]);
      assert.equal(question, null);
    }
  });

  it('tell which words reached the agent, and may bring it more', () => {
    const { sightings, question } = readHook(
      'UserPromptSubmit',
      call('UserPromptSubmit', { prompt: 'a\n$(b)' }),
    );
    assert.deepEqual(sightings.at(-1), { kind: 'heard', text: 'a\n$(b)' });
    assert.deepEqual(question, { kind: 'ear' });
  });

  it('ask about exactly the command line that would run', () => {
    const { question } = readHook('PermissionRequest', call('PermissionRequest', bash("rm -rf 'a b'\n")));
    const detail = "rm -rf 'a b'\n";
    assert.deepEqual(question, { kind: 'permission', tool: 'run', detail, hidesDialogMs: 20_000 });
  });

  it('ask about a patch by its text, and about another tool by all it is given', () => {
    const detailOf = (tool_name: string, tool_input: object): unknown => {
      const body = call('PermissionRequest', { tool_name, tool_input });
      return readHook('PermissionRequest', body).question;
    };
    const patch = '*** Begin Patch\n*** Add File: ../n.txt\n+x\n*** End Patch\n';
    const asked = { kind: 'permission', hidesDialogMs: 20_000 };
    assert.deepEqual(detailOf('apply_patch', { command: patch }), {
      ...asked,
      tool: 'apply_patch',
      detail: patch,
    });
    assert.deepEqual(detailOf('mcp__mail__send', { to: 'all' }), {
      ...asked,
      tool: 'mcp__mail__send',
      detail: '{"to":"all"}',
    });
  });

  it('ask about a command with everything that a later version may add to it', () => {
    const tool_input = { command: 'true', workdir: '/elsewhere' };
    const body = call('PermissionRequest', { tool_name: 'Bash', tool_input });
    assert.deepEqual(readHook('PermissionRequest', body).question, {
      kind: 'permission',
      tool: 'Bash',
      detail: JSON.stringify(tool_input),
      hidesDialogMs: 20_000,
    });
  });

  it('ask about what is too long to be read by its sum as well', () => {
    const detailOf = (end: string): string => {
      const body = call('PermissionRequest', bash('x'.repeat(9_000) + end));
      const { question } = readHook('PermissionRequest', body);
      return question?.kind === 'permission' ? question.detail : '';
    };
    assert.ok(detailOf('a').length < 8_200);
    assert.notEqual(detailOf('a'), detailOf('b'));
  });

  it('print what Codex understands as allowed and as denied, and nothing to leave it to the screen', () => {
    const decision = (answer: HookAnswer): string => printed('PermissionRequest', bash('true'), answer);
    assert.deepEqual(JSON.parse(decision({ kind: 'allow' })), {
      hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: { behavior: 'allow' } },
    });
    assert.deepEqual(JSON.parse(decision({ kind: 'deny', message: 'No "x"' })), {
      hookSpecificOutput: {
        hookEventName: 'PermissionRequest',
        decision: { behavior: 'deny', message: 'No "x"' },
      },
    });
    assert.equal(decision({ kind: 'undecided' }), '');
  });

  it('let an ended turn go on, also when it was told to once before', () => {
    for (const stop_hook_active of [false, true]) {
      const meaning = readHook('Stop', call('Stop', { stop_hook_active, last_assistant_message: 'over' }));
      assert.deepEqual(meaning.question, { kind: 'turnEnd' });
      assert.deepEqual(JSON.parse(meaning.print({ kind: 'goOn', message: 'Call done.' })), {
        decision: 'block',
        reason: 'Call done.',
      });
      assert.equal(meaning.print({ kind: 'nothing' }), '');
    }
  });

  it('do not call a turn over that may yet go on', () => {
    const { sightings } = readHook('Stop', call('Stop', { stop_hook_active: false }));
    assert.deepEqual(sightings, [{ kind: 'alive' }]);
  });

  it('carry a message to the model after a tool', () => {
    const more = { tool_name: 'Bash', tool_input: { command: 'true' }, tool_response: '' };
    assert.deepEqual(JSON.parse(printed('PostToolUse', more, { kind: 'tell', message: 'Hello' })), {
      hookSpecificOutput: { hookEventName: 'PostToolUse', additionalContext: 'Hello' },
    });
  });

  it('after a tool tell which call is decided, in the words its permission had, so that no other one is', () => {
    const calls = [
      bash("rm -rf 'a b'"),
      { tool_name: 'apply_patch', tool_input: { command: '*** Begin Patch\n*** End Patch\n' } },
      { tool_name: 'mcp__mail__send', tool_input: { to: 'all' } },
    ];
    for (const more of calls) {
      const { question } = readHook('PermissionRequest', call('PermissionRequest', more));
      const [first, second] = readHook('PostToolUse', call('PostToolUse', more)).sightings;
      assert.ok(question?.kind === 'permission');
      assert.deepEqual(first, { kind: 'settled', tool: question.tool, detail: question.detail });
      assert.equal(second?.kind === 'doing' && second.doing.kind, 'working');
    }
  });

  it('never ask in the same words about two calls of a tool that differ', () => {
    const detailOf = (tool_input: object): unknown => {
      const { question } = readHook(
        'PermissionRequest',
        call('PermissionRequest', { tool_name: 'mcp__db__drop', tool_input }),
      );
      return question?.kind === 'permission' ? question.detail : null;
    };
    assert.notEqual(detailOf({ command: '{"table":"5"}' }), detailOf({ table: '5' }));
    assert.notEqual(
      detailOf({ command: 'a', description: '1' }),
      detailOf({ command: 'a', description: '2' }),
    );
  });

  it('print nothing for an answer to something else', () => {
    assert.equal(printed('Stop', {}, { kind: 'allow' }), '');
    assert.equal(printed('PermissionRequest', bash('true'), { kind: 'goOn', message: 'x' }), '');
    assert.equal(printed('SessionStart', {}, { kind: 'tell', message: 'x' }), '');
  });

  it('of a later version are a sign of life', () => {
    for (const event of ['PreCompact', 'constructor', '__proto__']) {
      const meaning = readHook(event, call(event, {}));
      assert.deepEqual([meaning.sightings, meaning.question], [[{ kind: 'alive' }], null]);
      assert.equal(meaning.print({ kind: 'tell', message: 'x' }), '');
    }
  });

  it('that say what no version says are refused', () => {
    const odd: readonly (readonly [string, string])[] = [
      ['Stop', ''],
      ['Stop', '{"hook_event_name":"Stop"'],
      ['Stop', 'null'],
      ['Stop', '[]'],
      ['Stop', '"Stop"'],
      ['Stop', '{}'],
      ['Stop', call('PermissionRequest', bash('true'))],
      ['SessionStart', call('SessionStart', { session_id: '--yolo' })],
      ['SessionStart', call('SessionStart', { session_id: 7 })],
      ['UserPromptSubmit', call('UserPromptSubmit', { prompt: ['x'] })],
      ['PermissionRequest', call('PermissionRequest', {})],
      ['PermissionRequest', call('PermissionRequest', { tool_name: {} })],
      ['PostToolUse', call('Stop', {})],
      ['PostToolUse', call('PostToolUse', {})],
    ];
    for (const [event, body] of odd) assert.throws(() => readHook(event, body), HookError, body);
  });
});
