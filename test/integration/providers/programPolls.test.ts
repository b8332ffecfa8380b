import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claudeCode } from '../../../src/providers/claude/agent.ts';
import { codex } from '../../../src/providers/codex/codex.ts';
import { accountVendor } from '../../../src/providers/custom/account.ts';
import type { Vendor } from '../../../src/providers/vendor.ts';
import type { Reading } from '../../../src/town/tank.ts';
import { isThere } from '../../../src/system/isThere.ts';
import { type AgentHomes, makeAgentHomes } from '../../harness/agentHomes.ts';
import { type AgentPrograms, ensureAgents } from '../../harness/agents.ts';
import { type Wire, startWire } from '../../harness/wire/wire.ts';

/** In s, as Codex' vendor says them; tomorrow, so that no clock of a test machine makes them past. */
const [fiveHour, week] = [1, 5].map((days) => Math.floor(Date.now() / 1000) + days * 86_400);

describe('asking a program for what costs nothing', function () {
  this.timeout(60_000);
  let wire: Wire;
  let homes: AgentHomes;
  let programs: AgentPrograms;
  let folder: string;
  const never = new AbortController().signal;

  before(async function () {
    this.timeout(300_000);
    wire = await startWire();
    homes = await makeAgentHomes({ wire, trusted: [], claude: 'subscription' });
    programs = await ensureAgents();
    folder = await mkdtemp(join(tmpdir(), 'rigs polls '));
  });

  after(async () => {
    await wire.close();
    await homes.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const asked = async (vendor: Vendor, program: string, more: object = {}): Promise<readonly Reading[]> => {
    assert.ok(vendor.poll !== undefined);
    return vendor.poll(program, { ...process.env, ...homes.env, ...more }, never);
  };

  /** As if a person had logged in with ChatGPT; nobody checks the signature of a token here. */
  async function logIntoCodex(): Promise<void> {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const account = { chatgpt_plan_type: 'plus', chatgpt_account_id: 'a', chatgpt_user_id: 'u' };
    const claims = { email: 'a@example.com', exp: 4e9, 'https://api.openai.com/auth': account };
    const token = `${part({ alg: 'none' })}.${part(claims)}.c2ln`;
    const tokens = { id_token: token, access_token: token, refresh_token: 'r', account_id: 'a' };
    const login = { auth_mode: 'chatgpt', tokens, last_refresh: new Date().toISOString() };
    await writeFile(join(homes.codex, 'auth.json'), JSON.stringify(login));
    const file = join(homes.codex, 'config.toml');
    const config = await readFile(file, 'utf8');
    await writeFile(file, `chatgpt_base_url = "${wire.url('chatgpt')}/backend-api"\n${config}`);
  }

  it('finds no windows where an account pays by the token, and sends no prompt', async () => {
    assert.deepEqual(await asked(codex, programs.codex), []);
    assert.deepEqual(await asked(claudeCode, programs.claude), []);
    assert.deepEqual(wire.requests('codex').concat(wire.requests('claude')), []);
  });

  it('reads the windows of a ChatGPT login from Codex, by their length', async () => {
    await logIntoCodex();
    wire.page('chatgpt', '/backend-api/wham/usage', {
      status: 200,
      body: {
        plan_type: 'plus',
        rate_limit: {
          ...{ allowed: true, limit_reached: false },
          primary_window: {
            used_percent: 10,
            limit_window_seconds: 604_800,
            reset_after_seconds: 1,
            reset_at: week,
          },
          secondary_window: {
            used_percent: 42,
            limit_window_seconds: 18_000,
            reset_after_seconds: 1,
            reset_at: fiveHour,
          },
        },
      },
    });
    const common = { model: null, capacity: null, source: 'poll' };
    assert.deepEqual(await asked(codex, programs.codex), [
      { ...common, gauge: 'weekly', used: 0.1, resetsAt: (week ?? 0) * 1000 },
      { ...common, gauge: '5h', used: 0.42, resetsAt: (fiveHour ?? 0) * 1000 },
    ]);
    assert.deepEqual(wire.requests('codex'), []);
  });

  it('runs no hook of the person’s in Claude Code', async () => {
    const ran = join(folder, 'ran');
    const hooks = { SessionStart: [{ hooks: [{ type: 'command', command: `touch '${ran}'` }] }] };
    await writeFile(join(homes.claude, 'settings.json'), JSON.stringify({ hooks }));
    await asked(claudeCode, programs.claude);
    assert.equal(await isThere(ran), false);
  });

  it('asks a second account in its own home', async () => {
    const program = await played(`echo '{"id":2,"result":{"rateLimits":{"primary":{
      "usedPercent":'$HOME_OF_IT',"windowDurationMins":300}}}}' | tr -d '\\n'; echo; cat > /dev/null`);
    const second = accountVendor({ name: 'second', env: { HOME_OF_IT: '77' } }, codex);
    assert.deepEqual(
      (await asked(second, program)).map(({ gauge, used }) => [gauge, used]),
      [['5h', 0.77]],
    );
  });

  it('hides from a program what the editor and Rigs have in their environment', async () => {
    const program = await played(`echo '{"id":2,"result":{"rateLimits":{"primary":{"usedPercent":'$(
      env | grep -cE '^(RIGS|GTR|VSCODE|ELECTRON|SHOWN)_')',"windowDurationMins":300}}}}'; cat > /dev/null`);
    const more = {
      RIGS_TOKEN: 't',
      GTR_AGENT: 'nux',
      VSCODE_PID: '1',
      ELECTRON_RUN_AS_NODE: '1',
      SHOWN_TOO: 's',
    };
    assert.deepEqual(
      (await asked(codex, program, more)).map(({ used }) => used),
      [0.01],
    );
  });

  it('reads the windows of a Claude login, each class of models by itself', async () => {
    const at = '2099-01-01T05:00:00Z';
    const usage = {
      rate_limits: {
        five_hour: { utilization: 42, resets_at: at },
        seven_day: { utilization: 10.5, resets_at: null },
        seven_day_opus: null,
        seven_day_oauth_apps: { utilization: 99, resets_at: at },
        model_scoped: [{ display_name: 'Fable', utilization: 80, resets_at: at }],
        extra_usage: { is_enabled: false },
      },
    };
    const response = { subtype: 'success', request_id: 'rigs-usage', response: usage };
    const program = await played(
      `read -r line; echo 'a note for people'; echo '${JSON.stringify({ type: 'control_response', response })}'`,
    );
    assert.deepEqual(
      (await asked(claudeCode, program)).map(({ gauge, model, used, resetsAt }) => [
        gauge,
        model,
        used,
        resetsAt,
      ]),
      [
        ['5h', null, 0.42, Date.parse(at)],
        ['weekly', null, 0.105, null],
        ['weekly', 'fable', 0.8, Date.parse(at)],
      ],
    );
  });

  it('says that a program gave no answer, or is not there', async () => {
    await assert.rejects(asked(codex, await played('exit 3')), { reason: 'connection' });
    await assert.rejects(asked(codex, join(folder, 'nowhere')), { reason: 'connection' });
    const cancel = new AbortController();
    const slow = claudeCode.poll?.(await played('sleep 30'), process.env, cancel.signal);
    cancel.abort();
    await assert.rejects(slow ?? Promise.resolve(), { reason: 'cancelled' });
  });

  /** A program that answers as the test says. */
  async function played(script: string): Promise<string> {
    const file = join(folder, `program-${String(Math.random()).slice(2)}`);
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    return file;
  }
});
