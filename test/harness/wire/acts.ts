/** What a model does with its tools, in each command line's own way. */
import type { ToolCall, WireRequest } from './turn.ts';

interface Acts {
  /** Runs a command line in the worktree. */
  readonly run: (command: string) => ToolCall;
  /** Calls a tool of the MCP server `rigs`. */
  readonly rigs: (tool: string, input: object) => ToolCall;
}

const claude: Acts = {
  run: (command) => ({ name: 'Bash', input: { command, description: 'Work on the task' } }),
  rigs: (tool, input) => ({ name: `mcp__rigs__${tool}`, input }),
};
const codex: Acts = {
  run: (command) => ({ name: 'exec_command', input: { cmd: command } }),
  rigs: (tool, input) => ({ namespace: 'mcp__rigs', name: tool, input }),
};
/** Newer models have one tool, which runs JavaScript that calls the others. */
const codexInCode: Acts = {
  run: (command) => inCode(`text(await tools.exec_command(${JSON.stringify({ cmd: command })}));`),
  rigs: (tool, input) => inCode(`text(await tools.mcp__rigs__${tool}(${JSON.stringify(input)}));`),
};
const gemini: Acts = {
  run: (command) => ({ name: 'run_shell_command', input: { command } }),
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
