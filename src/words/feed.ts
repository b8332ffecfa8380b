import type { Notice, NoticeCode } from '../ports/notices.ts';
import type { Action } from '../town/action.ts';
import type { Instant } from '../town/ids.ts';
import type { Facts } from '../town/reason.ts';
import { amountWords, budgetName } from './budgets.ts';
import { type Telling, count, has, names, text, called } from './facts.ts';
import { handedLine, resolvingLine, settledLine } from './ladder.ts';
import { leftOutLine } from './leftOut.ts';
import { sentence } from './reasons.ts';
import { isUnseen, whySkipped } from './skipped.ts';
import { anyStateWord } from './states.ts';
import { type Zone, duration } from './times.ts';
import type { Translate } from './translate.ts';

/** A line of the feed: what happened and, where there is one, why. */
export function feedLine(
  notice: Pick<Notice, 'what' | 'facts' | 'why' | 'polecat'>,
  translate: Translate,
  now: Instant | null = null,
  zone: Zone = null,
): string {
  const facts = { ...notice.facts, agent: notice.polecat === null ? null : nameOf(notice.polecat) };
  const said = lines[notice.what](facts, { t: translate, now, zone });
  return notice.why === null ? said : `${said} ${sentence(notice.why, translate, now, zone)}`;
}

/** `nux-12` is `nux` to people. */
function nameOf(polecat: string): string {
  return polecat.replace(/-\d+$/, '');
}

type Line = (facts: Facts, telling: Telling) => string;

const titled =
  (say: (t: Translate) => string): Line =>
  (f, { t }) =>
    t('“{title}” {event}', { title: text(f, 'title'), event: say(t) });

const agent =
  (say: (t: Translate) => string): Line =>
  (f, { t }) =>
    has(f, 'title')
      ? t('{agent} {event} (“{title}”)', { agent: text(f, 'agent'), event: say(t), title: text(f, 'title') })
      : t('{agent} {event}', { agent: text(f, 'agent'), event: say(t) });

/** Where a bead went, as the end of a sentence that begins with its title. */
const destinations: Readonly<Record<string, ((t: Translate) => string) | undefined>> = {
  optimizing: (t) => t('is being prepared for its agent.'),
  contested: (t) => t('is tried in several seats.'),
  contending: (t) => t('is proven and waits to be compared with the other attempts.'),
  not_picked: (t) => t('was not picked; what it made is kept.'),
  queued: (t) => t('is in the depot.'),
  deferred: (t) => t('is deferred.'),
  assigned: (t) => t('is given to a polecat.'),
  in_progress: (t) => t('is being worked on.'),
  reviewing: (t) => t('was called done; the proof is being checked.'),
  merging: (t) => t('is proven and enters the merge queue.'),
  completed: (t) => t('is completed.'),
  failed: (t) => t('failed.'),
  cancelled: (t) => t('was cancelled.'),
};

/** Work that moves against the stream is told as coming back. */
function beadMoved(f: Facts, telling: Telling): string {
  const to = text(f, 'to');
  const from = text(f, 'from');
  const back = to === 'in_progress' && ['reviewing', 'contending', 'merging'].includes(from);
  const say = Object.hasOwn(destinations, to) ? destinations[to] : undefined;
  const entered = to === 'merging' && from !== 'reviewing' && from !== 'contending';
  return titled((t) => {
    if (back) return t('goes back to its agent.');
    return entered ? t('enters the merge queue.') : (say?.(t) ?? anyStateWord(to, t));
  })(f, telling);
}

const stageEvents: Readonly<Record<string, ((t: Translate) => string) | undefined>> = {
  queued: (t) => t('waits in the merge queue to be proven.'),
  proving: (t) => t('is being proven on top of the target.'),
  ready: (t) => t('is ready to land and waits for your approval.'),
  approved: (t) => t('is approved and lands next.'),
  landing: (t) => t('is landing.'),
  offered: (t) => t('is proven and goes to the forge.'),
  landed: (t) => t('landed.'),
  conflict: (t) => t('left the merge queue with a conflict.'),
  failed: (t) => t('left the merge queue with a failed check.'),
  ejected: (t) => t('was taken out of the merge queue.'),
};

function budgetNear(f: Facts, { t }: Telling): string {
  const unit = f['unit'] === 'usd' ? 'usd' : 'tokens';
  const scope = (['bead', 'convoy', 'provider'] as const).find((one) => one === f['scope']) ?? 'day';
  const amount = (name: string): string => {
    const { [name]: value } = f;
    return amountWords(unit, typeof value === 'number' ? value : 0, t);
  };
  return t('{budget} is almost spent: {used} of {limit}.', {
    budget: budgetName({ scope, of: text(f, 'of') }, null, t),
    used: amount('used'),
    limit: amount('limit'),
  });
}

function requestMoved(f: Facts, telling: Telling): string {
  const to = text(f, 'to');
  const say = Object.hasOwn(stageEvents, to) ? stageEvents[to] : undefined;
  return titled((t) => say?.(t) ?? anyStateWord(to, t))(f, telling);
}

/** `length` 0: the target alone. */
function ran(f: Facts, { t }: Telling): string {
  const facts = { count: text(f, 'length'), target: text(f, 'target') };
  const isGreen = text(f, 'outcome') === 'green';
  if (text(f, 'length') === '0')
    return isGreen ? t('{target} itself is green.', facts) : t('{target} itself is red.', facts);
  if (text(f, 'length') === '1')
    return isGreen ? t('The first of the batch is green.') : t('The first of the batch is red.');
  return isGreen
    ? t('The first {count} of the batch are green together.', facts)
    : t('The first {count} of the batch are red together.', facts);
}

function commitOf(f: Facts): string {
  return text(f, 'commit', 64).slice(0, 8);
}

const outcomes: Readonly<Record<string, ((t: Translate) => string) | undefined>> = {
  passed: (t) => t('passed'),
  failed: (t) => t('failed'),
  timed_out: (t) => t('did not end in time'),
  not_runnable: (t) => t('could not be run'),
};

function checkFinished(f: Facts, { t }: Telling): string {
  const outcome = text(f, 'outcome');
  const unseen = f['unseen'];
  if (outcome === 'skipped') {
    const why = whySkipped(isUnseen(unseen) ? { unseen } : {}, t);
    return t('Check {name} was skipped: {why}.', { name: text(f, 'name'), why });
  }
  const say = Object.hasOwn(outcomes, outcome) ? outcomes[outcome] : undefined;
  const said = { name: text(f, 'name'), outcome: say?.(t) ?? outcome };
  return t('Check {name} {outcome} ({took}).', { ...said, took: duration(count(f, 'durationMs'), t) });
}

/** What the foreman's hands do, by the type of the action; the last ones are the loop's own. */
const hands: Readonly<
  Record<
    | Action['type']
    | 'findChecks'
    | 'heartbeat'
    | 'upkeep'
    | 'account'
    | 'flakyBeads'
    | 'learn'
    | 'markUnfinished'
    | 'watch',
    (t: Translate) => string
  >
> = {
  house: (t) => t('Making a worktree'),
  launch: (t) => t('Starting an agent'),
  attend: (t) => t('Watching an agent'),
  endSession: (t) => t('Ending an agent'),
  proveDone: (t) => t('Proving a done'),
  optimize: (t) => t('Wording a task'),
  clear: (t) => t('Clearing a worktree'),
  resolve: (t) => t('Preparing a merge for you'),
  assemble: (t) => t('Merging in memory'),
  proveTip: (t) => t('Proving a landing'),
  land: (t) => t('Landing'),
  push: (t) => t('Pushing'),
  checkTarget: (t) => t('Looking at the target'),
  revertLanding: (t) => t('Taking a landing back'),
  offer: (t) => t('Opening a pull request'),
  watchOffers: (t) => t('Looking at pull requests'),
  trace: (t) => t('Looking for what fails together'),
  findChecks: (t) => t('Looking for checks'),
  heartbeat: (t) => t('The heartbeat'),
  upkeep: (t) => t('Tidying up'),
  account: (t) => t('Telling your other windows'),
  flakyBeads: (t) => t('Reporting a flaky test'),
  learn: (t) => t('Remembering how a conflict was settled'),
  watch: (t) => t('Reading an agent’s own signals'),
  markUnfinished: (t) => t('Marking the work for the next window'),
};

function handFailed(f: Facts, { t }: Telling): string {
  const action = text(f, 'action');
  const say = isHand(action) ? hands[action](t) : t('Something');
  return t('{action} did not work and is tried again: {message}', {
    action: say,
    message: text(f, 'message', 300),
  });
}

function isHand(action: string): action is keyof typeof hands {
  return Object.hasOwn(hands, action);
}

function furnished(f: Facts, { t }: Telling): string {
  const [agent, folders] = [text(f, 'agent'), names(f, 'folders')];
  if (count(f, 'folders') === 0)
    return t('{agent} has {files} from your checkout', { agent, files: names(f, 'files') });
  if (count(f, 'files') === 0) return t('{agent} has {folders} from your checkout', { agent, folders });
  return t('{agent} has {folders} and {files} from your checkout', {
    agent,
    folders,
    files: names(f, 'files'),
  });
}

/** Lines of before the outcome was kept have none, and say only that it is over. */
function setupFinished(f: Facts, telling: Telling): string {
  const outcome = text(f, 'outcome');
  const say = Object.hasOwn(setups, outcome) ? setups[outcome] : undefined;
  return agent((t) => say?.(t) ?? t('is through with the setup of its worktree'))(f, telling);
}

const setups: Readonly<Record<string, ((t: Translate) => string) | undefined>> = {
  passed: (t) => t('ran the setup of its worktree'),
  failed: (t) => t('ran the setup of its worktree, and it failed'),
  timed_out: (t) => t('ran the setup of its worktree, and it did not end in time'),
  not_runnable: (t) => t('could not run the setup of its worktree'),
};

const inspector = (f: Facts): Record<string, string> => ({
  provider: called(f, 'provider'),
  model: text(f, 'model'),
  title: text(f, 'title'),
});

/** `outcome`: a verdict's, or `none` for no answer that counts. */
function inspectionFinished(f: Facts, { t }: Telling): string {
  const outcome = text(f, 'outcome');
  if (outcome === 'pass') return t('{provider} ({model}) lets “{title}” pass.', inspector(f));
  if (outcome === 'needs_revision') return t('{provider} ({model}) wants “{title}” mended.', inspector(f));
  if (outcome === 'fail') return t('{provider} ({model}) does not let “{title}” pass.', inspector(f));
  return t('{provider} ({model}) gave no answer that counts about “{title}”.', inspector(f));
}

const lines: Readonly<Record<NoticeCode, Line>> = {
  'town.stopped': (_, { t }) => t('The town is stopped. Nothing starts until Start Town.'),
  'town.started': (_, { t }) => t('The town is started.'),

  'rig.adopted': (f, { t }) =>
    t('Rig {name} was added; work lands on {target}.', { name: text(f, 'name'), target: text(f, 'target') }),
  'rig.target': (f, { t }) => t('Work lands on {target} from now on.', { target: text(f, 'target') }),
  'rig.parked': (_, { t }) => t('The rig is parked: no new work starts.'),
  'rig.unparked': (_, { t }) => t('The rig is open for work again.'),
  'rig.checks': (_, { t }) => t('The checks of this rig are confirmed.'),
  'rig.granted': (f, { t }) => t('Always allowed from now on: {grant}', { grant: text(f, 'grant') }),
  'rig.revoked': (f, { t }) => t('No longer allowed without asking: {grant}', { grant: text(f, 'grant') }),

  'bead.created': titled((t) => t('is a new bead.')),
  'bead.contested': titled((t) => t('is tried in several seats.')),
  'bead.picked': (f, { t }) =>
    t('Attempt {attempt} was picked for “{title}”.', {
      attempt: text(f, 'attempt'),
      title: text(f, 'title'),
    }),
  'bead.edited': titled((t) => t('was edited.')),
  'bead.moved': beadMoved,
  'bead.evidenced': (f, telling) =>
    has(f, 'commit')
      ? telling.t('The work on “{title}” is at {commit}.', { title: text(f, 'title'), commit: commitOf(f) })
      : titled((t) => t('is proven.'))(f, telling),
  'bead.inspected': titled((t) => t('was not let pass by its inspector.')),
  'bead.accepted': (f, { t }) =>
    t('You let “{title}” pass, which no inspector did, at {commit}.', {
      title: text(f, 'title'),
      commit: commitOf(f),
    }),
  'bead.sentBack': titled((t) => t('goes back to its agent.')),
  'bead.reminded': titled((t) => t('is not done yet; its agent was told what is missing.')),
  'bead.touched': titled((t) => t('changed files.')),
  'bead.usage': titled((t) => t('used tokens.')),
  'bead.landed': (f, { t }) =>
    t('“{title}” landed as {commit}.', { title: text(f, 'title'), commit: commitOf(f) }),

  'review.drafted': titled((t) => t('has a comment of yours that is not sent yet.')),
  'review.edited': titled((t) => t('has a comment of yours that you changed.')),
  'review.dropped': titled((t) => t('has a comment of yours less.')),
  'review.sent': (f, { t }) =>
    count(f, 'threads') === 1
      ? t('Your review of “{title}”, one comment, was sent.', { title: text(f, 'title') })
      : t('Your review of “{title}”, {count} comments, was sent.', {
          title: text(f, 'title'),
          count: count(f, 'threads'),
        }),
  'review.replied': titled((t) => t('has a reply to a comment.')),
  'review.resolved': titled((t) => t('has a comment that is resolved.')),
  'review.reopened': titled((t) => t('has a comment that is open again.')),
  'review.reminded': titled((t) => t('has comments that its agent did not answer; it was told.')),

  'bead.optimized': titled((t) => t('has new words for its agent; the original is kept.')),
  'bead.worded': (f, { t }) =>
    f['accepted'] === true
      ? t('The new words of “{title}” are accepted.', { title: text(f, 'title') })
      : t('“{title}” goes back to its original words.', { title: text(f, 'title') }),
  'bead.filed': titled((t) => t('changed its convoy.')),
  'bead.archived': titled((t) => t('went to the archive.')),

  'convoy.created': (f, { t }) =>
    has(f, 'title') ? t('New convoy “{title}”.', { title: text(f, 'title') }) : t('A new convoy was made.'),
  'convoy.held': (_, { t }) => t('A convoy is held: its beads wait in the depot.'),
  'convoy.released': (_, { t }) => t('A convoy was released.'),
  'convoy.closed': (_, { t }) => t('A convoy is through: all of its beads ended.'),
  'convoy.reopened': (_, { t }) => t('A convoy is open again.'),
  'convoy.archived': (_, { t }) => t('A convoy went to the archive.'),

  'polecat.created': agent((t) => t('takes a bead')),
  'polecat.housed': agent((t) => t('has its worktree')),
  'polecat.wants': agent((t) => t('waits for a place')),
  'polecat.rested': agent((t) => t('rests')),
  'polecat.retired': agent((t) => t('is through')),
  'polecat.cleared': agent((t) => t('left; its worktree is cleared')),
  'polecat.resolving': resolvingLine,
  'polecat.chosen': (f, { t }) =>
    f['conflict'] === true
      ? t('{agent} goes on with {provider}: its own vendor could not settle the conflict.', {
          agent: text(f, 'agent'),
          provider: called(f, 'provider'),
        })
      : t('{agent} goes on with {provider}, as you said.', {
          agent: text(f, 'agent'),
          provider: called(f, 'provider'),
        }),
  'polecat.noted': agent((t) => t('kept a note of its work')),
  'polecat.unnoted': agent((t) => t('cleared its checkpoint')),
  'session.doing': agent((t) => t('does something else now')),
  'session.conversation': agent((t) => t('told which session it is in')),
  'session.leaving': agent((t) => t('makes way')),
  'session.opened': agent((t) => t('is being started')),
  'session.claimed': agent((t) => t('said done')),
  'session.started': agent((t) => t('is at work')),
  'session.ended': agent((t) => t('ended its session')),

  'request.entered': (f, telling) =>
    titled((t) =>
      has(f, 'rule')
        ? t('entered the merge queue, approved by your rule {number}.', { number: text(f, 'rule') })
        : t('entered the merge queue.'),
    )(f, telling),
  'request.moved': requestMoved,
  'request.step': (f, { t }) =>
    t('“{title}”: {step}', { title: text(f, 'title'), step: has(f, 'step') ? text(f, 'step') : '…' }),
  'request.front': titled((t) => t('was put before all others that wait like it.')),
  'request.settled': settledLine,
  'request.handed': handedLine,
  'request.proven': titled((t) => t('passed all checks on top of the target.')),
  'request.approved': titled((t) => t('was approved.')),
  'request.offered': titled((t) => t('is proven; its branch is pushed for a pull request.')),
  'request.opened': (f, { t }) =>
    has(f, 'url')
      ? t('“{title}” has a pull request: {url}', { title: text(f, 'title'), url: text(f, 'url', 300) })
      : t('The branch of “{title}” is at the remote.', { title: text(f, 'title') }),
  'request.notOffered': titled((t) => t('does not go on at the forge.')),
  'request.landed': (f, { t }) =>
    t('“{title}” landed as {commit}.', { title: text(f, 'title'), commit: commitOf(f) }),

  'batch.formed': (f, { t }) =>
    count(f, 'line') === 1
      ? t('One request is being proven on top of {target}.', { target: text(f, 'target') })
      : t('{count} requests are being proven together on top of {target}.', {
          count: count(f, 'line'),
          target: text(f, 'target'),
        }),
  'batch.assembled': (_, { t }) => t('The batch was merged in memory.'),
  'batch.running': (_, { t }) => t('The checks run on a tip of the batch.'),
  'batch.step': (f, { t }) => t('The batch: {step}', { step: text(f, 'step') }),
  'batch.ran': ran,
  'batch.doubted': (_, { t }) => t('A failure is doubted; the checks run once more on the same tree.'),
  'batch.lands': (_, { t }) => t('What is being proven lands when it is green.'),
  'batch.landing': (_, { t }) => t('What was proven is landing.'),
  'batch.landed': (_, { t }) => t('What was proven has landed.'),
  'batch.ended': (_, { t }) => t('The batch is over.'),
  'trace.began': titled((t) => t('is looked into: with which of those that landed before it does it fail?')),
  'trace.running': titled((t) => t('is tested with fewer of them.')),
  'trace.ran': titled((t) => t('was tested with fewer of them.')),
  'trace.ended': (f, { t }) =>
    has(f, 'with')
      ? t('“{title}” passes alone and fails together with {other}.', {
          title: text(f, 'title'),
          other: text(f, 'with'),
        })
      : t('“{title}” fails by itself.', { title: text(f, 'title') }),
  'queue.pushed': (f, { t }) => t('{commit}, which landed, is at the remote.', { commit: commitOf(f) }),
  'queue.notPushed': (f, { t }) => t('{commit}, which landed, is not pushed.', { commit: commitOf(f) }),
  'queue.disowned': titled((t) =>
    t('failed with its conflict settled as before; it is not settled so again.'),
  ),
  'queue.paused': (_, { t }) => t('The merge queue is paused.'),
  'queue.asked': (_, { t }) => t('The merge queue looks what became of its pull requests.'),
  'target.unsure': (_, { t }) => t('The target is to be looked at.'),
  'target.looking': (_, { t }) => t('The target itself is being looked at.'),
  'target.proven': (_, { t }) => t('A commit of the target is green.'),
  'target.green': (_, { t }) => t('The target is green.'),
  'target.red': (_, { t }) => t('The target is red.'),
  'target.reverting': titled((t) => t('turned the target red; its landing is being taken back.')),
  'target.reverted': (f, { t, ...telling }) =>
    titled((say) => say('is taken back in the merge queue.'))(f, { t, ...telling }),
  'queue.resumed': (_, { t }) => t('The merge queue goes on.'),
  'flaky.forgotten': (f, { t }) =>
    has(f, 'test')
      ? t('The test “{test}” of check {check} is no longer taken for flaky.', {
          test: text(f, 'test'),
          check: text(f, 'check'),
        })
      : t('Check {check} is no longer taken for flaky.', { check: text(f, 'check') }),

  'ask.raised': (f, { t }) =>
    has(f, 'title') ? t('“{title}” needs you.', { title: text(f, 'title') }) : t('Something needs you.'),
  'ask.onScreen': titled((t) => t('waits for you at its agent’s own screen now.')),
  'ask.answered': (f, { t }) =>
    has(f, 'title')
      ? t('“{title}” got its answer.', { title: text(f, 'title') })
      : t('A question was answered.'),

  'hand.failed': handFailed,
  'inspection.started': (f, { t }) => t('{provider} ({model}) inspects “{title}”.', inspector(f)),
  'inspection.finished': inspectionFinished,
  'check.started': (f, { t }) => t('Check {name} runs.', { name: text(f, 'name') }),
  'check.finished': checkFinished,
  'checkout.moved_along': (f, { t }) =>
    t('Your checkout of {target} moved along with the landing.', { target: text(f, 'target') }),
  'checkout.left_alone': (f, { t }) =>
    t(
      'Your checkout of {target} was left alone: your own changes touch {files}. Commit or stash them, then update it.',
      { target: text(f, 'target'), files: names(f, 'files') },
    ),
  'target.apart': (f, { t }) =>
    has(f, 'message')
      ? t('Your {target} stays where it is, behind its remote: {message}', {
          target: text(f, 'target'),
          message: text(f, 'message', 300),
        })
      : t('Your {target} and its remote have gone apart, so it stays where it is. Pull it.', {
          target: text(f, 'target'),
        }),
  'worktree.trashed': (f, { t }) => t('A worktree went to the trash: {path}', { path: text(f, 'path', 300) }),
  'trash.kept': (f, { t }) =>
    t('{path} stays in the trash: {message}', {
      path: text(f, 'path', 300),
      message: text(f, 'message', 300),
    }),
  'worktree.furnished': furnished,
  'worktree.left_out': leftOutLine,
  'setup.started': agent((t) => t('runs the setup of its worktree')),
  'setup.finished': setupFinished,
  'flaky.reported': (f, { t }) =>
    t(
      'It failed and passed on the same files: “{title}” waits in the convoy “{convoy}” until you release it.',
      {
        ...{ title: text(f, 'title'), convoy: text(f, 'convoy') },
      },
    ),
  'budget.near': budgetNear,
  'launch.waits': (f, { t }) =>
    t('An agent waits for a place: all {max} agents of yours are busy ({rigs}).', {
      max: text(f, 'max'),
      rigs: names(f, 'rigs'),
    }),
  'report.set_aside': (f, { t }) =>
    t('A report that was kept for later was set aside as {path}: {message}', {
      path: text(f, 'path', 300),
      message: text(f, 'message', 300),
    }),
  'store.read_only': (f, { t }) =>
    t('The rig is read-only now: {message} Nothing acknowledged was lost.', {
      message: text(f, 'message', 300),
    }),
  'store.snapshot_failed': (f, { t }) =>
    t('A snapshot could not be written: {message} The journal still holds everything.', {
      message: text(f, 'message', 300),
    }),
  'store.snapshot_damaged': (f, { t }) =>
    t('A snapshot was damaged and kept aside as {keptAs}; the journal was read instead.', {
      keptAs: text(f, 'keptAs', 300),
    }),
  'store.tables_rebuilt': (f, { t }) =>
    t('Tables that did not say what the journal says were made anew from it: {tables}', {
      tables: names(f, 'tables'),
    }),
  'store.snapshot_inline': (f, { t }) =>
    t('The snapshot could not be made in the background and was made in place: {message}', {
      message: text(f, 'message', 300),
    }),
  'store.archive_unreadable': (f, { t }) =>
    t('{count} beads of the archive could not be read: {path}', {
      count: count(f, 'count'),
      path: text(f, 'path', 300),
    }),
  'store.went_on': (f, { t }) =>
    t(
      '{path} was damaged. The rig went on from number {seq}, as you said; what was damaged is kept in {keptAs}.',
      {
        path: text(f, 'path', 300),
        seq: count(f, 'seq'),
        keptAs: text(f, 'keptAs', 300),
      },
    ),
  'store.tail_cut': (f, { t }) =>
    t('The unfinished end of the journal ({bytes} bytes, never acknowledged) was kept aside as {keptAs}.', {
      bytes: count(f, 'bytes'),
      keptAs: text(f, 'keptAs', 300),
    }),
  'feed.unreadable': (f, { t }) =>
    t('{count} lines of the feed could not be read: {path}', {
      count: count(f, 'count'),
      path: text(f, 'path', 300),
    }),
  'feed.not_written': (f, { t }) =>
    t('{count} lines of the feed could not be written: {message}', {
      count: count(f, 'count'),
      message: text(f, 'message', 300),
    }),
};
