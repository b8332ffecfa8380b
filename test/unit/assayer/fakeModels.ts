import type { ModelAnswer, ModelRequest, Models } from '../../../src/ports/models.ts';

export const usage = { input: 100, cachedInput: 10, output: 20 };

export function answerOf(
  content: ModelAnswer['content'],
  stop: ModelAnswer['stop'] = 'end_turn',
): ModelAnswer {
  return { content, stop, usage };
}

export const says = (text: string): ModelAnswer => answerOf([{ type: 'text', text }]);

export function submits(input: Readonly<Record<string, unknown>>): ModelAnswer {
  return answerOf([{ type: 'tool_use', id: 'tu_1', name: 'submit_plan', input }], 'tool_use');
}

/** Answers in turn; the last one again and again. `asked` holds every request. */
export class FakeModels implements Models {
  readonly asked: ModelRequest[] = [];
  readonly #answers: readonly (ModelAnswer | Error)[];

  constructor(...answers: readonly (ModelAnswer | Error)[]) {
    this.#answers = answers;
  }

  complete(
    request: ModelRequest,
    { onText }: { readonly signal: AbortSignal; readonly onText?: (piece: string) => void },
  ): Promise<ModelAnswer> {
    const answer = this.#answers[this.asked.length] ?? this.#answers.at(-1) ?? says('');
    this.asked.push(request);
    if (answer instanceof Error) return Promise.reject(answer);
    for (const block of answer.content) if (block.type === 'text') onText?.(block.text);
    return Promise.resolve(answer);
  }
}

/** Never answers, and does not heed a signal either. */
export const silent: Models = { complete: () => new Promise(() => undefined) };
