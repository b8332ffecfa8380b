import assert from 'node:assert/strict';
import { tools } from '../../../src/mcp/tools.ts';
import type { Purpose } from '../../../src/town/polecat.ts';
import { type Reason, reason } from '../../../src/town/reason.ts';
import { goOnFrame, taskFrame } from '../../../src/words/agent.ts';
import { systemPrompt } from '../../../src/worker/prompt.ts';
import { toolDefinitions } from '../../../src/worker/tools/definitions.ts';
import { reasonCodes } from './codes.ts';
import { pastFacts, taskFacts } from './taskFacts.ts';

/** A token is taken as four characters. */
const tokens = (text: string): number => Math.ceil(text.length / 4);

const long = (count: number, length: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${String(at)} ${'w'.repeat(length)}`);

/** Everything that is listed or named as long as it gets; what is the bead's own or quoted is left away. */
function worst(purpose: Purpose, feedback: Reason): string {
  const { bead } = taskFacts();
  const past = {
    purpose,
    feedback,
    goal: 'g'.repeat(500),
    commits: long(300, 500),
    changed: { files: long(3_000, 500), insertions: 123_456, deletions: 123_456 },
    uncommitted: long(300, 500),
    lastCheck: { name: 'n'.repeat(500), passed: false },
  };
  const facts = taskFacts({
    bead: { ...bead, title: '', description: '', criteria: [], touches: long(500, 500) },
    rig: 'r'.repeat(500),
    polecat: 'p'.repeat(500),
    branch: 'b'.repeat(500),
    target: 't'.repeat(500),
    checks: long(100, 500),
  });
  if (purpose === 'begin') return taskFrame(facts);
  const one = pastFacts({ ...past, purpose });
  const [whole, short] = [taskFrame({ ...facts, past: one }), goOnFrame({ bead: facts.bead, past: one })];
  assert.ok(short.length < whole.length);
  return whole;
}

const facts = {
  message: 'm'.repeat(2_000),
  name: 'n'.repeat(2_000),
  question: 'q'.repeat(2_000),
  detail: 'd'.repeat(2_000),
  files: long(90, 500),
  beads: long(90, 90),
};
const purposes = ['begin', 'resume', 'revise', 'remind'] as const;

describe('the framework text an agent gets', () => {
  /** As a client hands them to its model. */
  const mcp = JSON.stringify(tools);
  const builtIn = systemPrompt + JSON.stringify(toolDefinitions);

  it('is at most 2,000 tokens at its worst, tools included', () => {
    for (const purpose of purposes) {
      for (const code of reasonCodes) {
        const frame = worst(purpose, reason(code, facts));
        for (const [whose, own] of Object.entries({ mcp, builtIn }))
          assert.ok(
            tokens(frame + own) <= 2_000,
            `${whose} ${purpose} ${code}: ${String(tokens(frame))} + ${String(tokens(own))}`,
          );
      }
    }
  });

  it('is usually less than half of that', () => {
    const usual = taskFrame(taskFacts());
    assert.ok(tokens(usual + mcp) < 1_000, `${String(tokens(usual))} + ${String(tokens(mcp))}`);
    assert.ok(tokens(usual + builtIn) < 1_200, `${String(tokens(usual))} + ${String(tokens(builtIn))}`);
  });
});
