import { deepEqual, equal } from 'node:assert/strict';
import type { RunnerState } from '../../../src/ports/agents.ts';
import { polecatId } from '../../../src/town/ids.ts';
import { KnownAgents, type RigAgents } from '../../../src/vscode/townAgents.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { codexRunner } from '../../fakes/fakeTownAgents.ts';

describe('What a window knows of its agents', () => {
  const own = new FakeControl();
  const followed = new FakeControl('/other/.git');
  let found: readonly RunnerState[] = [];
  let fresh: (boolean | undefined)[] = [];
  let changes = 0;

  const rig: RigAgents = {
    agents: {
      runners: (again) => {
        fresh.push(again);
        return Promise.resolve(found);
      },
    },
    messages: { send: () => Promise.resolve('heard') },
  };

  function known(): KnownAgents {
    found = [codexRunner];
    fresh = [];
    changes = 0;
    return new KnownAgents(
      (control) => (control === own ? rig : null),
      () => {
        changes += 1;
      },
      () => null,
    );
  }

  it('is remembered between looks, and told of only when it is new', async () => {
    const agents = known();
    deepEqual(agents.runners(own), []);
    await agents.refresh(own);
    await agents.refresh(own);
    deepEqual([agents.runners(own), changes], [[codexRunner], 1]);
    found = [];
    await agents.refresh(own);
    equal(changes, 2);
  });

  it('comes from the machine itself when a person asks for it', async () => {
    const agents = known();
    await agents.refresh(own);
    deepEqual(await agents.look(own), [codexRunner]);
    deepEqual(fresh, [false, true]);
  });

  it('is nothing for a rig that another window owns, whose agents hear nothing from here', async () => {
    const agents = known();
    deepEqual(await agents.look(followed), []);
    equal(await agents.message(followed, polecatId('nux', 1), 'Hello'), 'refused');
    equal(await agents.message(own, polecatId('nux', 1), 'Hello'), 'heard');
  });
});
