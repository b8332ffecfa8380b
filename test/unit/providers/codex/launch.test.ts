import assert from 'node:assert/strict';
import { argumentsFor } from '../../../../src/providers/codex/launch.ts';
import { codex } from '../../../../src/providers/codex/codex.ts';
import { hooksOf, reviewOf } from '../../../../src/providers/codex/hooks.ts';
import { toml } from '../../../../src/providers/codex/toml.ts';
import type { VendorSettings, VendorStart } from '../../../../src/providers/vendor.ts';

const conversation = '01a1ff47-9c40-7bf0-8144-c430ec24cc67';

function how(settings: Partial<VendorSettings> = {}): VendorStart {
  return {
    program: '/bin/codex',
    version: null,
    settings: { enabled: true, command: '', args: [], model: '', mode: 'ask', ...settings },
    rigs: {
      bin: '/rigs/bin',
      hook: ["/rigs/it's/rigs", 'agent-hook'],
      mcp: { file: '/bin/node', args: ['/rigs/mcp.cjs'], env: { A: 'b "c"' } },
    },
  };
}

const told = (args: readonly string[], key: string): string | undefined =>
  args.find((one) => one.startsWith(`${key}=`))?.slice(key.length + 1);

describe('Codex is started', () => {
  it('with the prompt as one argument that cannot be taken for an option', () => {
    const prompt = '--help "x" $(touch y)\n; second';
    const args = argumentsFor({ prompt, conversation: null }, how(), []);
    assert.deepEqual(args.slice(-2), ['--', prompt]);
    assert.notEqual(args[0], 'resume');
  });

  it('in the conversation it had', () => {
    const args = argumentsFor({ prompt: 'Go on', conversation }, how(), []);
    assert.equal(args[0], 'resume');
    assert.deepEqual(args.slice(-3), ['--', conversation, 'Go on']);
  });

  it('in no conversation that is none of its own', () => {
    assert.throws(() => argumentsFor({ prompt: 'x', conversation: '--last' }, how(), []));
  });

  it("in its sandbox, which the repository's folders for a commit are added to", () => {
    for (const mode of ['ask', 'edits'] as const) {
      const line = argumentsFor({ prompt: 'x', conversation: null }, how({ mode }), ['/r/.git/objects']).join(
        ' ',
      );
      assert.match(line, /-a on-request -s workspace-write --add-dir \/r\/\.git\/objects/);
      assert.doesNotMatch(line, /dangerously/);
    }
  });

  it('without sandbox and questions only by the mode that says so, and never past the review of hooks', () => {
    const args = argumentsFor({ prompt: 'x', conversation: null }, how({ mode: 'bypass' }), ['/r']);
    assert.ok(args.includes('--dangerously-bypass-approvals-and-sandbox'));
    assert.ok(!args.includes('workspace-write') && !args.includes('--add-dir'));
    assert.ok(!args.includes('--dangerously-bypass-hook-trust'));
  });

  it("with a person's model and arguments after what Rigs says, so that theirs count", () => {
    const args = argumentsFor(
      { prompt: 'x', conversation: null },
      how({ model: 'gpt-6', args: ['-c', 'a=1'] }),
      [],
    );
    assert.deepEqual(args.slice(-6), ['-m', 'gpt-6', '-c', 'a=1', '--', 'x']);
    assert.ok(!argumentsFor({ prompt: 'x', conversation: null }, how(), []).includes('-m'));
  });

  it('by itself, with no server in the background and no look for updates', () => {
    const args = argumentsFor({ prompt: 'x', conversation: null }, how(), []);
    assert.ok(args.includes('--no-daemon'));
    assert.equal(told(args, 'features.daemon_auto_start'), 'false');
    assert.equal(told(args, 'check_for_update_on_startup'), 'false');
  });

  it("with Rigs' tools, which are handed the two variables they need and are not asked about", () => {
    const server = told(argumentsFor({ prompt: 'x', conversation: null }, how(), []), 'mcp_servers.rigs');
    assert.equal(
      server,
      '{"command"="/bin/node","args"=["/rigs/mcp.cjs"],"env"={"A"="b \\"c\\""},"env_vars"=["RIGS_HOME","RIGS_TOKEN"],"default_tools_approval_mode"="approve","startup_timeout_sec"=30,"tool_timeout_sec"=2592000}',
    );
  });

  it('with hooks whose commands are quoted for the shell', () => {
    const hook = told(argumentsFor({ prompt: 'x', conversation: null }, how(), []), 'hooks.Stop');
    const command = toml(`'/rigs/it'\\''s/rigs' 'agent-hook' 'Stop'`);
    assert.equal(hook, `[{"hooks"=[{"type"="command","command"=${command},"timeout"=90}]}]`);
  });
});

describe('A review of hooks', () => {
  it('is known by the key and hash that Codex writes', () => {
    // Written by Codex 0.169.0 when "Trust all and continue" was answered.
    assert.deepEqual(
      reviewOf({ event: 'Stop', command: "'/usr/bin/rigs' 'agent-hook' 'Stop'", timeout: 90 }),
      {
        key: '/<session-flags>/config.toml:stop:0:0',
        hash: 'sha256:e35d1cc797570f9df69b97bf76395886276f36cb138684df004b1eeb395aae0b',
      },
    );
  });

  it('is another one when the command is', () => {
    const hash = (hook: readonly string[]): string =>
      hooksOf({ hook }, 'linux')
        .map((one) => reviewOf(one).hash)
        .join();
    assert.notEqual(hash(['/a/rigs']), hash(['/b/rigs']));
    assert.equal(hash(['/a/rigs']), hash(['/a/rigs']));
  });
});

describe('The version of Codex', () => {
  it('is found in what it prints', () => {
    assert.equal(codex.versionIn('codex-cli 0.169.0\n'), '0.169.0');
    assert.equal(codex.versionIn('WARNING: x\ncodex-cli 0.170.0-alpha.2\n'), '0.170.0-alpha.2');
    assert.equal(codex.versionIn('2.1.329 (Claude Code)'), null);
  });
});
