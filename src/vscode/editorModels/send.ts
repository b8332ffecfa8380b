import * as vscode from 'vscode';
import type { ChatBody } from './chatBody.ts';
import { LendError, type Piece } from './lend.ts';

/** Codes of `LanguageModelError` as OpenAI's protocol says them. */
const failures: Readonly<Record<string, readonly [status: number, code: string] | undefined>> = {
  NoPermissions: [403, 'permission_denied'],
  Blocked: [429, 'rate_limit_exceeded'],
  NotFound: [404, 'model_not_found'],
};

/** Asks one of the editor's models. Throws `LendError`. */
export async function* send(
  model: vscode.LanguageModelChat,
  body: ChatBody,
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  const cancel = new vscode.CancellationTokenSource();
  const stop = (): void => {
    cancel.cancel();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { stream } = await model.sendRequest(messagesOf(body), optionsOf(body), cancel.token);
    for await (const part of stream) {
      if (part instanceof vscode.LanguageModelTextPart) yield { type: 'text', text: part.value };
      else if (part instanceof vscode.LanguageModelToolCallPart)
        yield { type: 'call', id: part.callId, name: part.name, input: part.input };
    }
  } catch (error) {
    if (!(error instanceof vscode.LanguageModelError)) throw error;
    const [status, code] = failures[error.code] ?? [500, 'server_error'];
    throw new LendError(status, code, error.message, { cause: error });
  } finally {
    signal.removeEventListener('abort', stop);
    cancel.dispose();
  }
}

function optionsOf({ tools }: ChatBody): vscode.LanguageModelChatRequestOptions {
  return {
    tools: tools.map(({ function: { name, description, parameters } }) => ({
      name,
      description,
      inputSchema: parameters,
    })),
  };
}

/** There is no message of a system's; what it says stands before the person's. */
function messagesOf({ messages }: ChatBody): vscode.LanguageModelChatMessage[] {
  return messages.map((message) => {
    switch (message.role) {
      case 'system':
      case 'user':
        return vscode.LanguageModelChatMessage.User(message.content);
      case 'tool':
        return vscode.LanguageModelChatMessage.User([
          new vscode.LanguageModelToolResultPart(message.tool_call_id, [
            new vscode.LanguageModelTextPart(message.content),
          ]),
        ]);
      case 'assistant':
        return vscode.LanguageModelChatMessage.Assistant([
          ...(message.content === '' ? [] : [new vscode.LanguageModelTextPart(message.content)]),
          ...message.tool_calls.map(
            ({ id, function: called }) =>
              new vscode.LanguageModelToolCallPart(id, called.name, JSON.parse(called.arguments) as object),
          ),
        ]);
    }
  });
}
