/** Plain JSON values that a reason carries, for `words/` to put into sentences. */
export type Facts = Readonly<Record<string, string | number | boolean | readonly string[] | null>>;

/** Why a bead waits, a wish was refused, a request did not land. Never a sentence: see `words/reasons.ts`. */
export interface Reason {
  readonly code: ReasonCode;
  readonly facts: Facts;
}

export type ReasonCode =
  // why a bead does not start
  | 'blocked_by'
  | 'dependency_failed'
  | 'deferred_until'
  | 'convoy_held'
  | 'town_stopped'
  | 'rig_parked'
  | 'no_free_slot'
  /** facts: max, rigs */
  | 'no_place_left'
  /** facts: message */
  | 'account_unreadable'
  | 'no_seat'
  /** facts: provider, tank, model, gauge, until; so of all that begin with tank */
  | 'tank_dry'
  | 'tank_pace'
  | 'tank_breaker'
  | 'tank_problem'
  | 'tank_probing'
  /** facts: scope, of, unit, limit, used */
  | 'budget_spent'
  /** facts: strategy, provider, tank, level, until */
  | 'strategy_defers'
  /** facts: bead, title, file */
  | 'overlaps'
  /** facts: bead, provider, until */
  | 'fuel_kept'
  /** facts: bead, provider */
  | 'sibling_there'
  /** facts: provider, until */
  | 'move_on_asked'
  | 'checks_unconfirmed'
  // why what landed is not at the remote
  /** facts: target, remote, commit, detail; so of all that begin with push */
  | 'push_unreachable'
  | 'push_rejected'
  | 'push_refused'
  // why the forge does not have it
  /** facts: branch, target; of those about the remote also remote, of most also detail */
  | 'offer_no_remote'
  | 'offer_unreachable'
  | 'offer_branch_taken'
  | 'offer_refused'
  /** facts: branch, target, remote, url */
  | 'offer_by_hand'
  /** facts: detail */
  | 'offer_login'
  | 'offer_failed'
  | 'offer_unseen'
  /** facts: url */
  | 'offer_closed'
  // why a bead is where it is
  /** facts: target, url */
  | 'at_the_forge'
  | 'being_worded'
  | 'being_housed'
  | 'agent_starting'
  | 'agent_working'
  | 'asks_person'
  | 'waits_for_slot'
  | 'proving_evidence'
  | 'in_merge_queue'
  | 'waits_for_approval'
  | 'stuck'
  | 'ended'
  // why work came back or stands still
  | 'nothing_committed'
  | 'no_result_stated'
  | 'conflict_markers'
  /** facts: branch */
  | 'wrong_branch'
  | 'check_failed'
  | 'check_timed_out'
  | 'check_not_runnable'
  | 'landing_conflict'
  /** A person settles its conflict. */
  | 'person_resolves'
  | 'landing_check_failed'
  | 'target_moved'
  /** facts: target, name, output */
  | 'target_red'
  /** facts: target, name, output, commit; of the first also request, title */
  | 'target_broken_by'
  | 'target_broken'
  /** facts: request, bead, title */
  | 'fails_together'
  /** facts: request, title, files */
  | 'conflicts_in_line'
  /** facts: commit */
  | 'landing_reverted'
  | 'target_missing'
  | 'queue_paused'
  | 'agent_died'
  | 'agent_ended_without_done'
  | 'terminal_closed'
  | 'agent_not_started'
  /** facts: until, detail */
  | 'agent_limited'
  /** facts: until, detail */
  | 'vendor_overloaded'
  /** facts: provider */
  | 'account_refused'
  /** facts: detail */
  | 'agent_needs_login'
  /** facts: detail */
  | 'agent_shows_dialog'
  /** facts: since */
  | 'agent_silent'
  /** facts: question */
  | 'agent_asks'
  | 'handed_off'
  /** facts: provider */
  | 'moved_to_provider'
  | 'worktree_failed'
  | 'setup_failed'
  | 'evidence_missing'
  /** facts: provider, notes, output */
  | 'inspector_wants'
  /** facts: provider, notes, output */
  | 'inspector_fails'
  /** facts: provider, detail */
  | 'inspector_silent'
  /** A person's own words. facts: words */
  | 'sent_back'
  /** Comments of a person's. facts: count, words */
  | 'review_sent'
  /** facts: count, threads */
  | 'review_owed'
  /** facts: dropped */
  | 'wording_dropped'
  /** facts: detail */
  | 'not_worded'
  | 'git_failed'
  | 'store_read_only'
  | 'not_reached'
  | 'taken_over'
  | 'person_said'
  // how attempts at a bead stand
  /** facts: attempts, atWork */
  | 'tried_in_seats'
  /** facts: attempts */
  | 'waits_for_pick'
  /** facts: bead; so of the next */
  | 'attempt_picked'
  | 'not_picked'
  | 'no_attempt_proven'
  // why a wish was refused
  | 'no_such'
  | 'already_exists'
  | 'illegal_move'
  | 'late_report'
  | 'not_now'
  | 'cycle'
  | 'empty'
  /** facts: max */
  | 'review_full'
  | 'review_landed'
  | 'review_no_agent'
  | 'invalid'
  // why a branch does not enter the merge queue, or a landing is not taken back
  /** facts: branch; so of all that begin with branch */
  | 'branch_missing'
  | 'branch_is_target'
  /** facts: polecat */
  | 'branch_of_polecat'
  /** facts: request */
  | 'branch_in_queue'
  /** facts: target */
  | 'branch_unchanged'
  /** facts: target */
  | 'branch_unrelated'
  /** facts: request, stage */
  | 'not_landed'
  /** facts: request */
  | 'revert_in_queue'
  /** facts: target, files */
  | 'revert_conflict'
  /** facts: target */
  | 'revert_unneeded';

export function reason(code: ReasonCode, facts: Facts = {}): Reason {
  return { code, facts };
}
