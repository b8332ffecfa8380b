import type { Command } from '../../../../src/town/command.ts';
import type { BeadId } from '../../../../src/town/ids.ts';
import { reason } from '../../../../src/town/reason.ts';
import { defaultQueueSettings } from '../../../../src/town/queueSettings.ts';
import { Scene } from '../scene.ts';
import * as say from '../words.ts';

/** Stories that golden sequences are recorded from; each touches what its name says. */
export const stories: Readonly<Record<string, () => readonly Command[]>> = {
  'goal-to-landed': () => {
    const town = new Scene();
    const [first, second, third] = town.convoy([
      { priority: 'high' },
      {},
      { dependencies: [say.beadId(1), say.beadId(2)], type: 'research' },
    ]) as [BeadId, BeadId, BeadId];
    town.atWork(first);
    town.atWork(second);
    town.tell(say.answer(town.asksPermission(first, 'npm install').id, 'always'));
    town.delivered(first, say.commitId(20));
    town.provenToLand(first, say.commitId(21));
    town.tell({ type: 'approve', request: town.request(first).id });
    town.land(first);
    town.tell({ type: 'cleared', polecat: town.polecat(first).id });
    town.delivered(second, say.commitId(30));
    town.notProven(second);
    town.delivered(second, say.commitId(31));
    town.provenToLand(second, say.commitId(32));
    town.tell({ type: 'approve', request: town.request(second).id });
    town.tick();
    town.assembled([], [say.commitId(32)]);
    const moved = reason('target_moved', { target: 'main' });
    town.tell({ type: 'notLanded', batch: town.batch().id, reason: moved });
    town.tick();
    town.assembled([], [say.commitId(33)]);
    town.ran();
    town.landed();
    town.atWork(third);
    town.saysDone(third);
    town.proven(third, null);
    town.ended(third, { code: 0 });
    return town.said;
  },

  'agents-in-trouble': () => {
    const town = new Scene();
    const [dies, silent, closed] = town.convoy([{}, {}, {}], 'auto') as [BeadId, BeadId, BeadId];
    town.atWork(dies);
    town.ended(dies, { how: 'signalled', signal: 'SIGKILL' });
    town.atWork(dies);
    town.ended(dies, { how: 'lost' });
    town.atWork(silent);
    for (let round = 0; round < 3; round += 1) {
      town.saysDone(silent);
      town.missing(silent, 'check_failed');
    }
    town.ended(silent, { code: 0 });
    town.atWork(closed);
    town.ended(closed, { how: 'closed', signal: 'SIGHUP' });
    for (const ask of town.openAsks().slice(0, 2)) town.tell(say.answer(ask.id, 'retry'));
    town.tell(say.answer(town.ask().id, 'dismiss'));
    town.tick();
    town.tell({ type: 'retryBead', bead: closed });
    town.tick();
    return town.said;
  },

  'stopped-and-started': () => {
    const town = new Scene();
    const [works, lands, waits] = town.convoy([{}, {}, {}], 'auto') as [BeadId, BeadId, BeadId];
    town.delivered(lands, say.commitId(20));
    town.atWork(works);
    town.assembled();
    town.tell({ type: 'stopTown' });
    town.ended(works, { how: 'signalled', signal: 'SIGINT' });
    town.ran();
    town.tick();
    town.tell({ type: 'startTown' });
    town.landed();
    town.tell({ type: 'cancelBead', bead: waits });
    town.tick();
    return town.said;
  },

  'batch-with-a-culprit': () => {
    const town = new Scene();
    town.queue = { ...defaultQueueSettings, slots: 1 };
    const [first, second, third] = town.lined(3);
    for (let round = 0; round < 30; round += 1) {
      const { batch, traces = [] } = town.state.queue;
      const [trace] = traces;
      if (batch !== null && batch.chain === null) town.assembled();
      else if (batch?.landing != null) town.landed();
      else if (batch !== null)
        town.ran(batch.line.includes(town.request(second ?? say.beadId(0)).id) ? 2 : 9);
      else if (trace?.running != null) {
        town.tell({ type: 'traced', request: trace.request, length: trace.running, passed: true });
        town.tick();
      }
    }
    const ends = [first, second, third].map((one = say.beadId(0)) => town.request(one).stage);
    if (ends.join() !== 'landed,failed,landed') throw new Error(ends.join());
    return town.said;
  },

  'conflict-before-a-person': () => {
    const town = new Scene();
    const [bead] = town.convoy([{}], 'auto') as [BeadId];
    for (let round = 1; round <= 4; round += 1) {
      town.delivered(bead, say.commitId(19 + round));
      town.assembled([bead]);
    }
    const { id: polecat } = town.polecat(bead);
    const told = { type: 'resolution', polecat, reason: null } as const;
    const merge = { head: say.commitId(23), onto: say.commitId(0), base: null, files: ['src/a.js'] };
    town.tell({ type: 'resolveConflict', bead });
    town.tell({ ...told, step: 'begin', found: { kind: 'begun', ...merge } });
    town.tell({ type: 'finishResolution', bead, asIs: false });
    town.tell({ ...told, step: 'finish', found: { kind: 'left', marked: ['src/a.js'], undecided: [] } });
    town.tell({ type: 'abandonResolution', bead });
    town.tell({ ...told, step: 'abandon', found: { kind: 'gone' } });
    town.tell({ type: 'resolveConflict', bead });
    town.tell({ ...told, step: 'begin', found: { kind: 'begun', ...merge } });
    town.tell({ type: 'finishResolution', bead, asIs: false });
    town.tell({ ...told, step: 'finish', found: { kind: 'made', commit: say.commitId(30) } });
    town.proven(bead, say.commitId(30));
    town.tick();
    town.assembled();
    town.ran();
    town.landed();
    return town.said;
  },

  'pushed-after-landing': () => {
    const town = new Scene();
    const [bead] = town.convoy([{}], 'auto') as [BeadId];
    town.delivered(bead);
    town.assembled();
    town.ran();
    town.tell({ type: 'landed', batch: town.batch().id, length: 1, push: true });
    const commit = town.state.queue.unpushed?.commit ?? say.commitId(404);
    town.tell({ type: 'notPushed', commit, reason: reason('push_unreachable', { detail: 'no network' }) });
    town.tell({ type: 'pushed', commit });
    town.refused({ type: 'pushed', commit });
    return town.said;
  },

  'through-a-pull-request': () => {
    const town = new Scene();
    town.queue = { ...defaultQueueSettings, style: 'pullRequest' };
    const [first, second] = town.lined(2) as [BeadId, BeadId];
    const url = 'https://forge.example/pull/1';
    town.assembled();
    town.ran();
    const { id } = town.request(first);
    const opened = { type: 'offerOpened', request: id, pushed: say.commitId(100), url } as const;
    town.tell({ type: 'notOffered', request: id, reason: reason('offer_unreachable', { detail: 'away' }) });
    town.tell({ ...opened, reason: null });
    town.tell({ ...opened, reason: null });
    town.assembled();
    town.ran();
    const other = town.request(second).id;
    town.tell({ type: 'notOffered', request: other, reason: reason('offer_login', { detail: null }) });
    town.tell({ type: 'reprove', request: other, reason: reason('person_said') });
    town.tick();
    town.assembled();
    town.tell({ ...opened, request: other, url: null, reason: reason('offer_by_hand', { url }) });
    town.tell({ type: 'refreshQueue' });
    town.tell({ type: 'notOffered', request: id, reason: reason('offer_closed', { url }) });
    town.tell({ ...opened, reason: null });
    town.tell({ type: 'offerMerged', request: id, commit: say.commitId(200), onto: say.commitId(0) });
    town.tell({ type: 'sendBack', bead: second, words: 'Say what 1h30 is.' });
    town.refused({ type: 'offerMerged', request: other, commit: say.commitId(201), onto: say.commitId(0) });
    return town.said;
  },

  'target-turned-red': () => {
    const town = new Scene();
    town.queue = { ...defaultQueueSettings, afterLanding: 'revert' };
    const [bead] = town.convoy([{}], 'auto') as [BeadId];
    town.delivered(bead, say.commitId(20));
    town.provenToLand(bead, say.commitId(21));
    town.land(bead);
    const look = (): number => town.state.queue.aftermath?.look?.at ?? 404;
    town.tick();
    town.tell({ type: 'targetChecked', look: look(), red: null });
    town.tell({ type: 'refreshQueue' });
    town.tick();
    const landing = town.request(bead).id;
    town.tell({ type: 'treeProven', look: look(), tree: 't', basis: 'b1', checks: [say.passed] });
    const red = { commit: say.commitId(21), request: landing, failed: say.failed };
    town.tell({ type: 'targetChecked', look: look(), red });
    town.tick();
    town.tell({
      ...{ type: 'enterBranch', request: say.requestId(400), bead: say.beadId(400), branch: 'r' },
      ...{ draft: say.draft('Revert'), approval: 'rule', reverts: landing },
      evidence: { ...say.evidence(say.commitId(400)), commit: say.commitId(400) },
    });
    town.tell({ type: 'targetReverted', landing, reason: null });
    town.refused({ type: 'targetReverted', landing, reason: null });
    town.tick();
    town.assembled([], [say.commitId(401)]);
    town.ran();
    town.landed();
    return town.said;
  },

  'hostile-words': () => {
    const town = new Scene();
    const [bead] = town.convoy([{}]) as [BeadId];
    town.atWork(bead);
    const old = town.who(bead);
    town.ended(bead, { code: 1 });
    town.atWork(bead);
    town.refused({ ...old, type: 'claimDone', claim: 'late' });
    town.refused({ type: 'holdConvoy', convoy: 'constructor' as never });
    town.refused({ type: 'cancelBead', bead: say.beadId(404) });
    town.refused({ type: 'landed', batch: 404, length: 1 });
    town.refused({ type: 'editBead', bead, changes: { title: ' ' } });
    town.refused(say.adopt);
    town.refused({ type: 'deferBead', bead, until: Number.MAX_VALUE });
    return town.said;
  },
};
