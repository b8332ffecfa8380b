import type { Instant } from '../town/ids.ts';
import type { Facts, Reason, ReasonCode } from '../town/reason.ts';
import { type Telling, called, count, has, names, text, time } from './facts.ts';
import { enteringSentences } from './enteringReasons.ts';
import { offerSentences, stillOpen } from './offerReasons.ts';
import { type Sentence, fuelSentences } from './fuelReasons.ts';
import { reviewSentences } from './reviewReasons.ts';
import { anyStateWord } from './states.ts';
import type { Zone } from './times.ts';
import type { Translate } from './translate.ts';

/** A reason as one or two short sentences: what it is, and what is waited for or to be done. */
export function sentence(
  reason: Reason,
  translate: Translate,
  now: Instant | null = null,
  zone: Zone = null,
): string {
  const said = sentences[reason.code](reason.facts, { t: translate, now, zone });
  return has(reason.facts, 'pull')
    ? `${said} ${stillOpen(text(reason.facts, 'pull', 400), translate)}`
    : said;
}

/** How an agent's process ended, as an addition in brackets or nothing. */
function ending(f: Facts, { t }: Telling): string {
  if (has(f, 'signal')) return t('signal {signal}', { signal: text(f, 'signal') });
  if (has(f, 'exitCode')) return t('exit code {code}', { code: text(f, 'exitCode') });
  return t('no exit code');
}

function checkFailed(f: Facts, { t }: Telling): string {
  const said = has(f, 'exitCode')
    ? t('Check {name} failed with exit code {code}.', { name: text(f, 'name'), code: text(f, 'exitCode') })
    : t('Check {name} failed.', { name: text(f, 'name') });
  return withPlace(said, f, t);
}

/** Which tests fell and where the first failure is, as far as the check's output tells. */
function withPlace(said: string, f: Facts, t: Translate): string {
  const place = has(f, 'file')
    ? t('First failure: {file}:{line}.', { file: text(f, 'file'), line: text(f, 'line') })
    : '';
  const tests = count(f, 'tests') > 0 ? t('Failed: {tests}.', { tests: names(f, 'tests') }) : '';
  return [said, place, tests].filter((one) => one !== '').join(' ');
}

/** It conflicted and programs brought it together: that may be what failed. */
function withSettled(said: string, f: Facts, t: Translate): string {
  if (count(f, 'settled') === 0) return said;
  const files = names(f, 'settled');
  return `${said} ${t('Its conflict in {files} had been settled without anybody, which may be why.', { files })}`;
}

function inMergeQueue(f: Facts, { t }: Telling): string {
  if (has(f, 'step')) return t('In the merge queue: {step}.', { step: text(f, 'step') });
  return t('In the merge queue: {stage}.', { stage: anyStateWord(text(f, 'stage'), t) });
}

function withDetail(sentenceText: string, f: Facts, name: string): string {
  return has(f, name) ? `${sentenceText} ${text(f, name, 300)}` : sentenceText;
}

/** Typed by the code: a reason without a sentence does not compile. */
const sentences: Readonly<Record<ReasonCode, Sentence>> = {
  blocked_by: (f, { t }) =>
    count(f, 'beads') === 1
      ? t('Waits for {beads} to complete.', { beads: names(f, 'beads') })
      : t('Waits for {count} beads to complete: {beads}.', {
          count: count(f, 'beads'),
          beads: names(f, 'beads'),
        }),
  dependency_failed: (f, { t }) =>
    t('{beads} ended without completing. Retry it if it failed, or cancel this bead and plan it anew.', {
      beads: names(f, 'beads'),
    }),
  deferred_until: (f, telling) => telling.t('Deferred until {time}.', { time: time(f, 'until', telling) }),
  convoy_held: (_, { t }) => t('Its convoy is held. Release the convoy to start it.'),
  town_stopped: (_, { t }) => t('The town is stopped. Start Town lets it go on.'),
  rig_parked: (_, { t }) => t('The rig is parked. Unpark it to start work.'),
  no_free_slot: (f, { t }) =>
    count(f, 'max') === 1
      ? t('Waits for a place: one polecat at a time, and it is busy.')
      : t('Waits for a place: all {max} polecats are busy.', { max: text(f, 'max') }),
  no_place_left: (f, { t }) =>
    has(f, 'rigs')
      ? t('Waits for a place: all {max} agents of yours are busy ({rigs}).', {
          max: text(f, 'max'),
          rigs: names(f, 'rigs'),
        })
      : t('Waits for a place: all {max} agents of yours are busy.', { max: text(f, 'max') }),
  account_unreadable: (f, { t }) =>
    withDetail(t('Waits: what runs in your other windows could not be read.'), f, 'message'),
  no_seat: (_, { t }) => t('No agent can take it. Choose an agent or add a key in the settings.'),
  ...fuelSentences,
  ...offerSentences,
  checks_unconfirmed: (_, { t }) => t('Waits for you to confirm the checks of this rig (Needs You).'),

  being_worded: (_, { t }) => t('Its task is being prepared for its agent.'),
  being_housed: (f, { t }) => t('{polecat} gets a worktree.', { polecat: text(f, 'polecat') }),
  agent_starting: (f, { t }) => t('{polecat} is starting.', { polecat: text(f, 'polecat') }),
  agent_working: (f, { t }) => t('{polecat} is working on it.', { polecat: text(f, 'polecat') }),
  asks_person: (f, { t }) =>
    t('Its agent waits for your permission: {detail}', { detail: text(f, 'detail', 200) }),
  waits_for_slot: (f, { t }) =>
    has(f, 'polecat')
      ? t('{polecat} goes on as soon as a place is free.', { polecat: text(f, 'polecat') })
      : t('Starts at the next turn.'),
  proving_evidence: (_, { t }) => t('Its agent said done; the proof is being checked.'),
  in_merge_queue: inMergeQueue,
  waits_for_approval: (_, { t }) => t('Proven. Waits for you to approve the landing.'),
  tried_in_seats: (f, { t }) =>
    t('It is tried in several seats: {atWork} of {attempts} attempts are still at work.', {
      atWork: text(f, 'atWork'),
      attempts: text(f, 'attempts'),
    }),
  waits_for_pick: (_, { t }) => t('Proven. Waits for you to compare the attempts and pick one.'),
  attempt_picked: (f, { t }) => t('Attempt {bead} was picked and lands for it.', { bead: text(f, 'bead') }),
  not_picked: (f, { t }) =>
    t('Another attempt was picked, {bead}. Its work is kept until you clean it up.', {
      bead: text(f, 'bead'),
    }),
  no_attempt_proven: (_, { t }) =>
    t('None of the attempts at it was proven. Retry one of them, or the bead.'),

  stuck: (_, { t }) => t('It stands still. Retry it or cancel it.'),
  ended: (f, { t }) =>
    has(f, 'status')
      ? t('It is {status}.', { status: anyStateWord(text(f, 'status'), t) })
      : t('Its bead ended.'),

  nothing_committed: (_, { t }) => t('Nothing was changed and committed.'),
  no_result_stated: (_, { t }) => t('No result was stated.'),
  wrong_branch: (f, { t }) =>
    t('Its worktree stands on another branch than its own, {branch}.', { branch: text(f, 'branch') }),
  conflict_markers: (_, { t }) => t('Conflict markers were left in the files.'),
  check_failed: checkFailed,
  check_timed_out: (f, { t }) =>
    t('Check {name} did not end in time and was stopped.', { name: text(f, 'name') }),
  check_not_runnable: (f, { t }) =>
    t('Check {name} could not be run. See its output, then mend its command or its tools.', {
      name: text(f, 'name'),
    }),
  landing_conflict: (f, { t }) =>
    t('Conflicts with {target} in {files}.', {
      target: text(f, 'target'),
      files: names(f, 'files'),
    }),
  person_resolves: (_, { t }) => t('You settle its conflict. Say when that is done, or abandon it.'),
  landing_check_failed: (f, { t }) =>
    withPlace(
      withSettled(
        t('On top of {target}, check {name} failed.', {
          target: text(f, 'target'),
          name: text(f, 'name'),
        }),
        f,
        t,
      ),
      f,
      t,
    ),
  target_moved: (f, { t }) => t('{target} moved on; it is proven again.', { target: text(f, 'target') }),
  target_red: (f, { t }) => {
    const names = { target: text(f, 'target'), name: text(f, 'name') };
    return has(f, 'remote')
      ? t(
          '{target} as its remote has it fails check {name}, so nothing on top of it can be proven. Mend it there, then resume the queue.',
          names,
        )
      : t(
          '{target} itself fails check {name}, so nothing on top of it can be proven. Mend it, then resume the queue.',
          names,
        );
  },
  target_broken_by: (f, { t }) =>
    t('{target} fails check {name} since “{title}” landed. Revert Landing takes exactly that back.', {
      ...{ target: text(f, 'target'), name: text(f, 'name') },
      title: text(f, 'title'),
    }),
  target_broken: (f, { t }) =>
    t(
      '{target} fails check {name} at {commit}, and it is no landing of Rigs that is known to have done it. Mend it, then refresh the merge queue.',
      {
        ...{ target: text(f, 'target'), name: text(f, 'name') },
        commit: text(f, 'commit', 64).slice(0, 8),
      },
    ),
  fails_together: (f, { t }) =>
    t('It passes its checks alone and fails them together with “{title}” ({bead}), which landed meanwhile.', {
      title: text(f, 'title'),
      bead: text(f, 'bead'),
    }),
  conflicts_in_line: (f, { t }) =>
    has(f, 'title')
      ? t('Waits for “{title}” to land first: both change {files}.', {
          title: text(f, 'title'),
          files: names(f, 'files'),
        })
      : t('Waits for those before it: they change {files} too.', { files: names(f, 'files') }),
  landing_reverted: (_, { t }) => t('Its landing was taken back.'),
  push_unreachable: (f, { t }) =>
    withDetail(
      t('{remote} cannot be reached; pushing {target} is tried again by itself.', {
        ...{ remote: text(f, 'remote'), target: text(f, 'target') },
      }),
      f,
      'detail',
    ),
  push_rejected: (f, { t }) =>
    t(
      '{target} at {remote} has moved on, and Rigs never forces. Bring its commits into your {target} (pull) and resume the queue once you pushed; or land something more, which then goes along.',
      { remote: text(f, 'remote'), target: text(f, 'target') },
    ),
  push_refused: (f, { t }) =>
    withDetail(
      t(
        '{remote} does not take {target}. Mend your access or its rules, then resume the queue to try again.',
        {
          ...{ remote: text(f, 'remote'), target: text(f, 'target') },
        },
      ),
      f,
      'detail',
    ),
  queue_paused: (_, { t }) => t('The merge queue is paused. Resume it to go on.'),
  target_missing: (f, { t }) =>
    t('There is no branch {target} to land on. Choose another target or make the branch.', {
      target: text(f, 'target'),
    }),
  agent_died: (f, telling) =>
    telling.t('{polecat} ended in the middle of its work ({ending}). The work is kept.', {
      polecat: text(f, 'polecat'),
      ending: ending(f, telling),
    }),
  agent_ended_without_done: (f, { t }) =>
    t('{polecat} ended without saying done. The work is kept.', { polecat: text(f, 'polecat') }),
  terminal_closed: (f, { t }) =>
    t('The terminal of {polecat} was closed. The work is kept: retry it or let it fail.', {
      polecat: text(f, 'polecat'),
    }),
  agent_not_started: (f, { t }) =>
    t('{polecat} could not be started. Look at its terminal, then retry.', { polecat: text(f, 'polecat') }),
  vendor_overloaded: (f, telling) =>
    withDetail(
      telling.t('Its vendor is overloaded; that costs nothing of your account. It goes on by itself.'),
      f,
      'detail',
    ),
  account_refused: (f, { t }) =>
    t('{provider} does not let Rigs in or has no credit. Mend it in Tanks, and it goes on.', {
      provider: called(f, 'provider'),
    }),
  agent_limited: (f, telling) =>
    withDetail(
      has(f, 'until')
        ? telling.t('Its account is used up until {time}; it goes on by itself then.', {
            time: time(f, 'until', telling),
          })
        : telling.t('Its account is used up; it goes on by itself once it is not.'),
      f,
      'detail',
    ),
  agent_needs_login: (f, { t }) =>
    withDetail(
      t('Its program is not logged in. Log in there, in its terminal, and it goes on.'),
      f,
      'detail',
    ),
  agent_shows_dialog: (f, { t }) =>
    withDetail(t('Its program asks something on its own screen. Answer it in its terminal.'), f, 'detail'),
  agent_silent: (f, { t }) =>
    withDetail(
      t('Nothing was heard of it for a while, though it should be at work. Look at its terminal.'),
      f,
      'detail',
    ),
  agent_asks: (f, { t }) => t('It asks: {question}', { question: text(f, 'question', 300) }),
  handed_off: (_, { t }) => t('It handed its work over to a fresh session.'),
  moved_to_provider: (f, { t }) =>
    t('You had it go on with {provider}.', { provider: called(f, 'provider') }),
  worktree_failed: (f, { t }) => withDetail(t('Its worktree could not be made.'), f, 'message'),
  setup_failed: (f, { t }) =>
    t('The setup {name} of its worktree failed. See its output, then retry.', { name: text(f, 'name') }),
  evidence_missing: (_, { t }) => t('It was called done, but nothing proves it yet.'),
  inspector_wants: (f, { t }) =>
    withDetail(
      t('The inspector ({provider}) wants it mended.', { provider: called(f, 'provider') }),
      f,
      'notes',
    ),
  inspector_fails: (f, { t }) =>
    withDetail(
      t('The inspector ({provider}) does not let it pass. Its work is kept: resume it or let it fail.', {
        provider: called(f, 'provider'),
      }),
      f,
      'notes',
    ),
  inspector_silent: (f, { t }) =>
    withDetail(
      t('The inspector ({provider}) gave no answer that counts. Resume has it inspected again.', {
        provider: called(f, 'provider'),
      }),
      f,
      'detail',
    ),
  sent_back: (f, { t }) => t('A person sent it back: {words}', { words: text(f, 'words', 2_000) }),
  wording_dropped: (f, { t }) =>
    t('Its task stays as it was worded: other words lost {dropped}.', { dropped: names(f, 'dropped') }),
  not_worded: (f, { t }) => withDetail(t('Its task stays as it was worded.'), f, 'detail'),
  git_failed: (f, { t }) => withDetail(t('Git did not do what was asked.'), f, 'message'),
  taken_over: (_, { t }) => t('Another window has taken this rig over.'),
  store_read_only: (f, { t }) =>
    withDetail(t('The rig is read-only: its state could not be written. Nothing was lost.'), f, 'message'),
  not_reached: (f, { t }) => withDetail(t('The window that runs this rig was not reached.'), f, 'message'),
  person_said: (_, { t }) => t('A person decided so.'),

  no_such: (f, { t }) =>
    has(f, 'id')
      ? t('There is no {what} {id}.', { what: text(f, 'what'), id: text(f, 'id') })
      : t('There is no such {what}.', { what: text(f, 'what') }),
  already_exists: (f, { t }) =>
    t('This {what} exists already: {id}.', { what: text(f, 'what'), id: text(f, 'id') }),
  illegal_move: (f, { t }) =>
    t('{bead} is “{from}” and cannot go from there to “{to}”.', {
      bead: text(f, 'bead'),
      from: anyStateWord(text(f, 'from'), t),
      to: anyStateWord(text(f, 'to'), t),
    }),
  late_report: (f, { t }) =>
    t('This session of {polecat} is over; what it reports changes nothing.', { polecat: text(f, 'polecat') }),
  not_now: (f, { t }) => {
    const state = ['stage', 'status'].find((name) => has(f, name));
    return state === undefined
      ? t('Not possible at this moment.')
      : t('Not possible at this moment: it is {state}.', { state: anyStateWord(text(f, state), t) });
  },
  cycle: (f, { t }) => t('These depend on each other in a circle: {beads}.', { beads: names(f, 'beads', 6) }),
  empty: (f, { t }) => t('The {what} is empty.', { what: text(f, 'what') }),
  invalid: (f, { t }) =>
    has(f, 'value')
      ? t('{value} is not a valid {what}.', { value: text(f, 'value'), what: text(f, 'what') })
      : t('The {what} is not valid.', { what: text(f, 'what') }),
  ...enteringSentences,
  ...reviewSentences,
};
