import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Action } from '../../../../src/town/action.ts';
import type { Command } from '../../../../src/town/command.ts';
import type { Refusal } from '../../../../src/town/decide.ts';
import { type RigState, type TownEvent, emptyRig } from '../../../../src/town/state.ts';
import { step } from '../../../../src/town/step.ts';
import { stories } from './stories.ts';

/** One command and what came of it; every engine that drives the town must give the same. */
interface Turn {
  readonly command: Command;
  readonly events?: readonly TownEvent[];
  readonly actions?: readonly Action[];
  readonly refusal?: Refusal;
}

const folder = fileURLToPath(new URL('.', import.meta.url));
const names = Object.keys(stories).sort();

function play(commands: readonly Command[]): readonly Turn[] {
  let state: RigState = emptyRig;
  return commands.map((command) => {
    const result = step(state, command);
    if (!result.ok) return { command, refusal: result.refusal };
    state = result.state;
    return { command, events: result.events, actions: result.actions };
  });
}

/** A line a turn, so that a change of behaviour reads as a diff. */
function record(name: string): void {
  const turns = play(stories[name]?.() ?? []);
  writeFileSync(`${folder}${name}.json`, `[\n${turns.map((turn) => JSON.stringify(turn)).join(',\n')}\n]\n`);
}

describe('golden sequences of the town', () => {
  if (process.env['RIGS_RECORD'] === '1') names.forEach(record);

  for (const name of names) {
    it(`plays ${name} exactly as it was recorded`, () => {
      const recorded = JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')) as readonly Turn[];
      const played = play(recorded.map((turn) => turn.command));
      played.forEach((turn, index) => {
        assert.deepEqual(JSON.parse(JSON.stringify(turn)), recorded[index], `turn ${index}`);
      });
    });
  }

  it('are all of the stories, and nothing else', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
    assert.deepEqual(
      files.sort(),
      names.map((name) => `${name}.json`),
    );
  });
});
