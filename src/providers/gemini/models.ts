import type { Content, GenerateContentParameters, Part } from '@google/genai';
import type { Message, ModelAnswer, ModelRequest, Models, TextBlock } from '../../ports/models.ts';
import type { ToolResultBlock, ToolUseBlock } from '../../ports/models.ts';
import { type Attempt, type VendorOptions, modelsOver } from '../modelsOver.ts';
import { assemble, ownId } from './modelsAnswer.ts';
import { geminiDialect } from './modelsDialect.ts';

/** The model when a person named none: the one @google/genai 3.1.0 has in its own examples. */
export const defaultGeminiModel = 'gemini-3.8-flash';

/** Models of the Gemini API, through the vendor's SDK. */
export function geminiModels(options: VendorOptions): Models {
  return modelsOver(geminiDialect, (attempt) => ask(attempt, options), options);
}

async function ask(
  { request, signal, onText, fetch }: Attempt,
  { apiKey, baseUrl }: VendorOptions,
): Promise<ModelAnswer> {
  const { GoogleGenAI } = await import('@google/genai');
  const client = new GoogleGenAI({
    apiKey,
    // Said explicitly, because the SDK would else follow the environment to another service with the person's key.
    vertexai: false,
    apiVersion: 'v1beta',
    // Without `retryOptions` it does not try again by itself.
    httpOptions: { baseUrl: baseUrl ?? 'https://generativelanguage.googleapis.com/', fetch },
  });
  const chunks = await client.models.generateContentStream(params(request, signal));
  return assemble(chunks, request, onText);
}

function params(request: ModelRequest, abortSignal: AbortSignal): GenerateContentParameters {
  const { model, system, messages, tools, maxOutputTokens } = request;
  const names = new Map(
    messages
      .flatMap(({ content }): readonly (TextBlock | ToolUseBlock | ToolResultBlock)[] => content)
      .flatMap((block) => (block.type === 'tool_use' ? [[block.id, block.name] as const] : [])),
  );
  return {
    model,
    contents: messages.map((message) => wireMessage(message, names)),
    config: {
      abortSignal,
      maxOutputTokens,
      ...(system === '' ? {} : { systemInstruction: system }),
      ...(tools.length === 0
        ? {}
        : {
            tools: [
              {
                functionDeclarations: tools.map(({ name, description, inputSchema }) => ({
                  name,
                  description,
                  parametersJsonSchema: inputSchema,
                })),
              },
            ],
          }),
    },
  };
}

function wireMessage({ role, content }: Message, names: ReadonlyMap<string, string>): Content {
  return {
    role: role === 'assistant' ? 'model' : 'user',
    parts: content.map((block) => wirePart(block, names)),
  };
}

/** The SDK declares a class and takes plain data. */
type Answered = Pick<NonNullable<Part['functionResponse']>, 'id' | 'name' | 'response'>;

function wirePart(
  block: TextBlock | ToolUseBlock | ToolResultBlock,
  names: ReadonlyMap<string, string>,
): Part {
  if (block.type === 'tool_result') {
    const { toolUseId, text, isError } = block;
    const name = names.get(toolUseId) ?? '';
    const response = isError ? { error: text } : { output: text };
    const functionResponse: Answered = { ...given(toolUseId), name, response };
    return { functionResponse };
  }
  const mark = block.signature === undefined ? {} : { thoughtSignature: block.signature };
  if (block.type === 'text') return { text: block.text, ...mark };
  const { id, name, input } = block;
  return { functionCall: { ...given(id), name, args: { ...input } }, ...mark };
}

function given(id: string): { readonly id?: string } {
  return id.startsWith(ownId) ? {} : { id };
}
