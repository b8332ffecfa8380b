import type { Candidate, Explanation, Rule, SeatOut } from '../town/explain.ts';
import type { Shortage } from '../town/fuel.ts';
import type { Instant } from '../town/ids.ts';
import type { Reason } from '../town/reason.ts';
import { nameOf } from './nameOf.ts';
import { plain } from './plain.ts';
import { gaugeWords, levelWord, percentLeft } from './tanks.ts';
import { duration } from './times.ts';
import type { Translate, Words } from './translate.ts';

/** What an explanation is told with. */
export interface Explaining {
  readonly t: Translate;
  readonly clock: (at: Instant) => string;
  readonly sentence: (reason: Reason) => string;
}

const rules: Words<Rule> = {
  returning: (t) => t('It goes on where it was: what its agent knows is worth more than a better seat.'),
  preferred: (t) => t('The provider it asks for can carry it.'),
  best: (t) => t('The best score of the seats that can carry it.'),
  first: (t) => t('Nothing is known of any account, so the first in your order.'),
  not_ready: (t) => t('It is not ready.'),
  no_slot: (t) => t('As many agents work as you allow.'),
  overlap: (t) => t('A bead that works on the same files goes first.'),
  no_seat: (t) => t('There is no seat.'),
  fuel: (t) => t('No account can carry it now.'),
  strategy: (t) => t('An account could carry it, and the strategy keeps it for more urgent work.'),
  kept: (t) => t('What is left is kept for a bead that waits longer.'),
  running: (t) => t('It is at work.'),
  ended: (t) => t('It ended.'),
};

const shortages: Words<Shortage['kind']> = {
  dry: (t) => t('would run dry'),
  pace: (t) => t('as many run there as it bears'),
  breaker: (t) => t('left alone after errors'),
  problem: (t) => t('needs you'),
  probing: (t) => t('one session finds out what it has'),
  budget: (t) => t('your budget is spent'),
};

/** Why a bead starts where it does, or waits, as lines of Markdown that is shown as text: the rule, then every seat. */
export function explanationLines(explanation: Explanation, telling: Explaining): readonly string[] {
  const { rule, wait, from, place, candidates, strategy } = explanation;
  const { t, clock, sentence } = telling;
  const [first] = candidates;
  return [
    `- ${t('Decided')}: ${rules[rule](t)}`,
    ...(wait === null ? [] : [`- ${t('Waits')}: ${sentence(wait)}`]),
    ...(from === null ? [] : [`- ${t('Earliest')}: ${clock(from)}`]),
    ...(place === null ? [] : [`- ${t('Place in the depot')}: ${String(place + 1)}`]),
    `- ${t('Strategy')}: ${strategy}`,
    ...(first === undefined
      ? []
      : [
          `- ${t('Needs, four times in five at most')}: ${t(
            '{tokens} tokens, {requests} requests, {duration}',
            {
              tokens: first.need.tokens.toLocaleString('en'),
              requests: first.need.requests,
              duration: duration(first.need.ms, t),
            },
          )}`,
        ]),
    '',
    ...candidates.flatMap((one, index) => [...candidateLines(one, index, telling), '']),
  ];
}

function candidateLines(one: Candidate, index: number, telling: Explaining): readonly string[] {
  const { t } = telling;
  const { seat, affinity, headroom, gauge, success, price, score, level, out, shares } = one;
  const model = seat.model === '' ? t('its own choice of model') : plain(seat.model, 60);
  const tank = gauge === null ? '' : ` (${gaugeWords(gauge, null, t)})`;
  const shared =
    shares === undefined
      ? ''
      : `; ${t('{bead}, another attempt at the same, runs there too, as there is no other seat', { bead: shares })}`;
  const taken = out === null ? `${t('may be taken')}${shared}` : outWords(out, telling);
  return [
    `## ${String(index + 1)}. ${nameOf(seat.provider)} · ${plain(seat.runner, 60)} · ${model}`,
    '',
    `- ${t('Score')}: ${number(score)} = ${t('suits this type')} ${number(affinity)} × ${t('would be left')} ${number(headroom)}${tank} × ${t('passed before')} ${number(success)}${price === 0 ? '' : ` − ${t('price')} ${number(price)}`}`,
    `- ${t('Account')}: ${level === null ? t('nothing is known of it') : levelWord(level, t)}`,
    `- ${t('Now')}: ${taken}`,
  ];
}

function outWords(out: SeatOut, { t, clock }: Explaining): string {
  switch (out.kind) {
    case 'limited':
      return t('not: its account is used up until {time}', { time: clock(out.until) });
    case 'level':
      return t('not: the strategy wants more left there ({level})', { level: levelWord(out.level, t) });
    case 'kept':
      return t('not: what is left is kept for a bead that waits longer');
    case 'sibling':
      return t('not: {bead}, another attempt at the same, runs there', { bead: out.bead });
    case 'not_best':
      return t('not: the strategy takes the best suited provider or waits for it');
    case 'shortage': {
      const { kind, gauge, from } = out.shortage;
      const what =
        gauge === null ? shortages[kind](t) : `${gaugeWords(gauge, null, t)}: ${shortages[kind](t)}`;
      return from === null
        ? t('not: {what}', { what })
        : t('not: {what}, until {time}', { what, time: clock(from) });
    }
  }
}

function number(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2) : '?';
}

/** What would start now, as one line: `Parse dates → codex (62% left)`. */
export function startWords(title: string, { seat, candidates }: Explanation, t: Translate): string {
  const taken = candidates.find((one) => one.seat === seat);
  const left = taken === undefined ? '' : ` (${percentLeft(taken.headroom, t)})`;
  return `${plain(title, 120)} → ${nameOf(seat?.provider ?? '?')}${left}`;
}
