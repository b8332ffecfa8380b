/** What a model does with its tools, in each command line's own way. */
import type { ToolCall, WireRequest } from './turn.ts';

interface Acts {
  /** Runs a command line in the worktree. */
  readonly run: (command: string) => ToolCall;
  /** The same, as nobody may without being asked: the others always ask, Codex what leads out of its sandbox. */
  readonly runAsking: (command: string) => ToolCall;
  /** Calls a tool of the MCP server `rigs`. */
  readonly rigs: (tool: string, input: object) => ToolCall;
}

const bash = (command: string): ToolCall => ({
  name: 'Bash',
  input: { command, description: 'Work on the task' },
});
const claude: Acts = {
  run: bash,
  runAsking: bash,
  rigs: (tool, input) => ({ name: `mcp__rigs__${tool}`, input }),
};
const escalated = { sandbox_permissions: 'require_escalated', justification: 'The task needs it' };
const codex: Acts = {
  run: (command) => ({ name: 'exec_command', input: { cmd: command } }),
  runAsking: (command) => ({ name: 'exec_command', input: { cmd: command, ...escalated } }),
  rigs: (tool, input) => ({ namespace: 'mcp__rigs', name: tool, input }),
};
/** Newer models have one tool, which runs JavaScript that calls the others. */
const codexInCode: Acts = {
  run: (command) => inCode(`text(await tools.exec_command(${JSON.stringify({ cmd: command })}));`),
  runAsking: (command) =>
    inCode(`text(await tools.exec_command(${JSON.stringify({ cmd: command, ...escalated })}));`),
  rigs: (tool, input) => inCode(`text(await tools.mcp__rigs__${tool}(${JSON.stringify(input)}));`),
};
const shell = (command: string): ToolCall => ({ name: 'run_shell_command', input: { command } });
const gemini: Acts = {
  run: shell,
  runAsking: shell,
  rigs: (tool, input) => ({ name: `mcp_rigs_${tool}`, input }),
};

function inCode(input: string): ToolCall {
  return { namespace: 'functions', name: 'exec', input };
}

export function actsOf({ vendor, tools }: WireRequest): Acts {
  if (vendor === 'anthropic') return claude;
  if (vendor === 'gemini') return gemini;
  return tools.includes('exec') ? codexInCode : codex;
}
