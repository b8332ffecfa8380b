import { type SettingKey, settingKeys } from '../config/settingKeys.ts';

/**
 * Every name this extension shares with package.json: commands, views, `when` keys, kinds of tree rows, settings.
 * test/unit/vscode/contract.test.ts holds the two against each other, both ways.
 */
export const commands = {
  executeGoal: 'rigs.executeGoal',
  executePlan: 'rigs.executePlan',
  executePlanAndLand: 'rigs.executePlanAndLand',
  queuePlan: 'rigs.queuePlan',
  sling: 'rigs.sling',
  addRig: 'rigs.addRig',
  openRig: 'rigs.openRig',
  mendRig: 'rigs.mendRig',
  parkRig: 'rigs.parkRig',
  unparkRig: 'rigs.unparkRig',
  stopTown: 'rigs.stopTown',
  startTown: 'rigs.startTown',
  confirmChecks: 'rigs.confirmChecks',
  allow: 'rigs.allow',
  alwaysAllow: 'rigs.alwaysAllow',
  revokeGrants: 'rigs.revokeGrants',
  deny: 'rigs.deny',
  showRequest: 'rigs.showRequest',
  answerQuestion: 'rigs.answerQuestion',
  resumeWork: 'rigs.resumeWork',
  giveUp: 'rigs.giveUp',
  approveLanding: 'rigs.approveLanding',
  approveConvoy: 'rigs.approveConvoy',
  openPullRequest: 'rigs.openPullRequest',
  refreshQueue: 'rigs.refreshQueue',
  showDiff: 'rigs.showDiff',
  retryLanding: 'rigs.retryLanding',
  ejectFromQueue: 'rigs.ejectFromQueue',
  moveToFront: 'rigs.moveToFront',
  landNow: 'rigs.landNow',
  pauseQueue: 'rigs.pauseQueue',
  resumeQueue: 'rigs.resumeQueue',
  forgetFlaky: 'rigs.forgetFlaky',
  addBranchToQueue: 'rigs.addBranchToQueue',
  revertLanding: 'rigs.revertLanding',
  resolveConflict: 'rigs.resolveConflict',
  resolutionDone: 'rigs.resolutionDone',
  abandonResolution: 'rigs.abandonResolution',
  showTerminal: 'rigs.showTerminal',
  messagePolecat: 'rigs.messagePolecat',
  continueWith: 'rigs.continueWith',
  killAgent: 'rigs.killAgent',
  openWorktree: 'rigs.openWorktree',
  showTranscript: 'rigs.showTranscript',
  showBead: 'rigs.showBead',
  cancelBead: 'rigs.cancelBead',
  retryBead: 'rigs.retryBead',
  tryInSeats: 'rigs.tryInSeats',
  compareAttempts: 'rigs.compareAttempts',
  diffAttempts: 'rigs.diffAttempts',
  pickAttempt: 'rigs.pickAttempt',
  cleanAttempts: 'rigs.cleanAttempts',
  compareWording: 'rigs.compareWording',
  acceptWording: 'rigs.acceptWording',
  rejectWording: 'rigs.rejectWording',
  acceptWork: 'rigs.acceptWork',
  sendBack: 'rigs.sendBack',
  addComment: 'rigs.addComment',
  replyToComment: 'rigs.replyToComment',
  editComment: 'rigs.editComment',
  saveComment: 'rigs.saveComment',
  cancelComment: 'rigs.cancelComment',
  deleteComment: 'rigs.deleteComment',
  resolveComment: 'rigs.resolveComment',
  reopenComment: 'rigs.reopenComment',
  sendReview: 'rigs.sendReview',
  showEvidence: 'rigs.showEvidence',
  searchArchive: 'rigs.searchArchive',
  holdConvoy: 'rigs.holdConvoy',
  releaseConvoy: 'rigs.releaseConvoy',
  showProviders: 'rigs.showProviders',
  testProvider: 'rigs.testProvider',
  installAgent: 'rigs.installAgent',
  logIn: 'rigs.logIn',
  enableProvider: 'rigs.enableProvider',
  disableProvider: 'rigs.disableProvider',
  explainDispatch: 'rigs.explainDispatch',
  previewDispatch: 'rigs.previewDispatch',
  refreshTanks: 'rigs.refreshTanks',
  setTankLevel: 'rigs.setTankLevel',
  showTankHistory: 'rigs.showTankHistory',
  tryTankAgain: 'rigs.tryTankAgain',
  forgetLearned: 'rigs.forgetLearned',
  installInPath: 'rigs.installInPath',
  removeFromPath: 'rigs.removeFromPath',
  setApiKey: 'rigs.setApiKey',
  tryRehearsal: 'rigs.tryRehearsal',
  openSettings: 'rigs.openSettings',
  showConfiguration: 'rigs.showConfiguration',
  showLog: 'rigs.showLog',
  showChange: 'rigs.showChange',
  showMore: 'rigs.showMore',
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

/** Commands that only make sense on the row they are bound to, and stay out of the palette. */
export const internalCommands: readonly CommandId[] = [
  commands.openRig,
  commands.showChange,
  commands.showMore,
  commands.saveComment,
  commands.cancelComment,
];

export const trees = {
  needsYou: 'rigs.needsYou',
  rigs: 'rigs.rigs',
  convoys: 'rigs.convoys',
  beads: 'rigs.beads',
  tanks: 'rigs.tanks',
} as const;
export type TreeId = (typeof trees)[keyof typeof trees];

export const webviews = { feed: 'rigs.feed', queue: 'rigs.queue' } as const;
export type WebviewId = (typeof webviews)[keyof typeof webviews];

/** `when` keys that Rigs sets itself. */
export const contexts = {
  /** Value of type `Place`. */
  place: 'rigs.place',
  /** *Stop Town* was said in every open rig. */
  stopped: 'rigs.stopped',
  /** Rigs are known, and none of them is open in this window. */
  closed: 'rigs.closed',
  /** The active editor shows a file with a TODO tag of the settings. */
  todoInFile: 'rigs.todoInFile',
  /** The active editor shows the diff of a landing that waits for its approval. */
  reviewing: 'rigs.reviewing',
  /** The active editor shows the diff of a request. */
  inReview: 'rigs.inReview',
  /** The request in front has comments that were not sent. */
  reviewDrafts: 'rigs.reviewDrafts',
  /** Of the bead in front, whose task a model worded: `undecided`, `accepted` or `rejected`; else empty. */
  wording: 'rigs.wording',
  /** The bead in front is held back by its inspector alone. */
  doubted: 'rigs.doubted',
  /** The bead in front may be sent back with words. */
  revisable: 'rigs.revisable',
  /** A vendor's command line was found on this machine. */
  agentFound: 'rigs.agentFound',
  /** *Install rigs in PATH* was done by this person. */
  inPath: 'rigs.inPath',
} as const;

/** What the first look at the workspace folders found. */
export type Place = 'repository' | 'notRepository';

/** Kinds of tree rows, as `viewItem` in `when` clauses. */
export const rows = [
  'need.permission',
  'need.onScreen',
  'need.question',
  'need.attention',
  'need.checks',
  'need.moveOn',
  'need.budget',
  'need.doubted',
  'need.stuck',
  'need.conflict',
  'need.resolving',
  'need.approval',
  'need.contest',
  'need.offer',
  'need.red',
  'need.redOther',
  'need.queue',
  'rig.open',
  'rig.parked',
  'rig.closed',
  'rig.mendable',
  'polecat.working',
  'polecat.idle',
  'queue',
  'queue.paused',
  'request.open',
  'request.ready',
  'request.offered',
  'request.ended',
  'change',
  'convoy.open',
  'convoy.held',
  'convoy.closed',
  'bead.open',
  'bead.worded',
  'bead.doubted',
  'bead.waiting',
  'bead.contested',
  'bead.attempt',
  'bead.notPicked',
  'bead.decided',
  'bead.failed',
  'bead.ended',
  'group',
  'group.ended',
  'tank',
  'runner.ready',
  'runner.missing',
  'runner.disabled',
  'runner.login',
  'runner.noKey',
  'runner.unusable',
  'gauge',
  'note',
  'more',
] as const;
export type RowKind = (typeof rows)[number];

/** By runner: under which name the settings of its command line stand. */
export const vendorSettings = {
  'claude-code': 'claudeCode',
  codex: 'codex',
  'gemini-cli': 'gemini',
} as const;
export type VendorRunner = keyof typeof vendorSettings;

/** As people know them, also before a rig is open that could say it. */
export const vendorNames: Readonly<Record<VendorRunner, string>> = {
  'claude-code': 'Claude Code',
  codex: 'Codex',
  'gemini-cli': 'Gemini CLI',
};

/**
 * Settings that say which program runs as an agent, and with which words, or who gets the person's code and key: only
 * the person's own count, because an argument can take away every question that `mode` has confirmed, and an address
 * every key. Of scope `machine`, which no workspace can bring.
 */
export const personalSettings: readonly SettingKey[] = [
  'rigs.agents.custom',
  'rigs.assayer.backend',
  'rigs.refinery.autoApprove',
  'rigs.refinery.push',
  'rigs.refinery.afterLanding',
  ...settingKeys.filter((key) => /^rigs\.(claudeCode|codex|gemini)\.(command|args)$/.test(key)),
  ...settingKeys.filter((key) => key.startsWith('rigs.providers.')),
];

/** Settings that decide which programs start, or with which rights; ignored until the workspace is trusted. */
export const restrictedSettings: readonly SettingKey[] = [
  'rigs.checks',
  'rigs.worktree.root',
  'rigs.worktree.setup',
  'rigs.worktree.share',
  'rigs.worker.allow',
  'rigs.agents.custom',
  'rigs.routing.moveOn',
  'rigs.assayer.backend',
  'rigs.assayer.optimize',
  'rigs.assayer.inspect',
  'rigs.refinery.style',
  ...settingKeys.filter((key) => /^rigs\.(claudeCode|codex|gemini|providers)\./.test(key)),
];

/** Where the person's key for Claude lies in the editor's secret storage. */
export const claudeKeySecret = 'rigs.claude.apiKey';

export const planLanguage = 'rigs-plan';
export const schemes = {
  bead: 'rigs-bead',
  wording: 'rigs-wording',
  file: 'rigs-file',
  evidence: 'rigs-evidence',
  ask: 'rigs-ask',
  config: 'rigs-config',
  dispatch: 'rigs-dispatch',
  attempts: 'rigs-attempts',
} as const;
