/** What a tool answers: `text` for the model, `shown` in a few lines for the person who watches. */
export interface ToolResult {
  readonly text: string;
  readonly shown: readonly string[];
}

export function counted(count: number, one: string, many: string): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
