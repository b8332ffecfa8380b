import path from 'node:path';
import type { Sighting } from '../../ports/agents.ts';
import { cutDetail } from '../cutDetail.ts';
import { type Json, isJson, jsonOf, textOf } from './json.ts';

/** In which words the program asked about a call of a tool (0.61.0, `getConfirmationDetails` of each). */
const asked: Readonly<Partial<Record<string, (input: Json, cwd: string) => string | null>>> = {
  run_shell_command: (input) => textOf(input['command']),
  replace: fileIn,
  write_file: fileIn,
  web_fetch: () => 'Confirm Web Fetch',
  activate_skill: (input) => {
    const name = textOf(input['name']);
    return name === null ? null : `Activate Skill: ${name}`;
  },
};

function fileIn(input: Json, cwd: string): string | null {
  const file = textOf(input['file_path']);
  return file === null ? null : path.resolve(cwd, file);
}

/** A tool has run: what the program asked about it on its screen, if it did, is decided. Nothing for other tools. */
export function settledBy(body: Json): readonly Sighting[] {
  const tool = textOf(body['tool_name']);
  if (tool === null) return [];
  const tell = Object.hasOwn(asked, tool) ? asked[tool] : undefined;
  const server = body['mcp_context'];
  const detail = isJson(server)
    ? `${textOf(server['server_name']) ?? ''} ${textOf(server['tool_name']) ?? ''}`
    : (tell?.(jsonOf(body['tool_input']), textOf(body['cwd']) ?? '') ?? null);
  if (detail === null) return [];
  return [{ kind: 'settled', tool: tool === 'run_shell_command' ? 'run' : tool, detail: cutDetail(detail) }];
}
