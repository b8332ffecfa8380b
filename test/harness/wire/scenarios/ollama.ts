/** A server of one's own: it may be busy. */
import { type Scenarios, none, normal, normally, busyTwice } from './scenario.ts';

const ollama: Scenarios = {
  normal,
  overload: busyTwice(503),
  'overload in the middle of an answer': {
    turns: [
      () => ({
        status: 200,
        headers: { 'content-type': 'application/x-ndjson' },
        body: '{"message":{"role":"assistant","content":"Al"},"done":false}\n{"error":"llama runner process has terminated"}\n',
      }),
      normally,
    ],
    fails: null,
    restarts: ['overloaded'],
    told: none,
  },
  'missing headers': normal,
};

export function ollamaScenarios(): Scenarios {
  return ollama;
}
