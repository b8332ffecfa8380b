/** Gemini: `POST …/v1beta/models/<model>:generateContent` and `:streamGenerateContent`. */
import { type Json, asList, asRecord, asText, textOf } from './json.ts';
import type { Protocol, Utterance } from './protocol.ts';
import type { Seen } from './turn.ts';

function see(body: Json, path: string): Seen {
  const contents = asList(body['contents']);
  const config = asRecord(body['generationConfig']);
  const schema = config['responseJsonSchema'] ?? config['responseSchema'];
  const tools = asList(body['tools']).flatMap(({ functionDeclarations }) =>
    asList(functionDeclarations).map((tool) => asText(tool['name'])),
  );
  const heard = contents.filter(({ role }) => role !== 'model').flatMap(({ parts }) => asList(parts));
  const isResult = (part: Json): boolean => 'functionResponse' in part;
  return {
    model: /models\/([^:/]+):/.exec(path)?.[1] ?? '',
    stream: path.includes(':streamGenerateContent'),
    main: schema === undefined && tools.length > 0,
    schema,
    tools,
    said: [
      textOf(asRecord(body['systemInstruction'])['parts']),
      ...heard.filter((part) => !isResult(part)).map((part) => asText(part['text'])),
    ],
    results: heard.filter(isResult).map(resultOf),
    answered: contents.filter(({ role, parts }) => role === 'model' && !isFiller(textOf(parts))).length,
  };
}

/** What Gemini CLI says in the model's place after an answer that broke off. */
function isFiller(text: string): boolean {
  return text.startsWith('[The previous response was interrupted');
}

function resultOf({ functionResponse }: Json): string {
  const { response } = asRecord(functionResponse);
  const said = asRecord(response)['output'];
  return typeof said === 'string' ? said : JSON.stringify(response);
}

function chunk(utterance: Utterance, parts: readonly object[], isLast: boolean): object {
  const { input, cached, output } = utterance.usage;
  return {
    responseId: utterance.id,
    modelVersion: utterance.model,
    candidates: [
      { index: 0, content: { role: 'model', parts }, ...(isLast ? { finishReason: 'STOP' } : {}) },
    ],
    usageMetadata: {
      promptTokenCount: input + cached,
      cachedContentTokenCount: cached,
      candidatesTokenCount: output,
      totalTokenCount: input + cached + output,
    },
  };
}

function partsOf({ id, text, tools }: Utterance): readonly object[] {
  return [
    ...(text === '' ? [] : [{ text }]),
    ...tools.map(({ name, input }, at) => ({ functionCall: { id: `${id}-${at}`, name, args: input } })),
  ];
}

const kinds: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
};

export const gemini: Protocol = {
  vendor: 'gemini',
  see,
  whole: (utterance) => chunk(utterance, partsOf(utterance), true),
  frames: (utterance) => [
    ...partsOf(utterance).map((part) => ({ data: chunk(utterance, [part], false) })),
    { data: chunk(utterance, [], true) },
  ],
  failure: (status) => ({
    error: { code: status, message: `Scripted ${status}`, status: kinds[status] ?? 'INTERNAL' },
  }),
};
