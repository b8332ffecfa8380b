import { ModelError, type ModelErrorReason } from '../ports/models.ts';
import { plain } from '../words/plain.ts';
import type { Translate } from '../words/translate.ts';
import type { AssayerError, AssayerErrorReason } from './assayerError.ts';

/** Why there is no plan, and what a person can do. */
export function plannerErrorWords(error: AssayerError, t: Translate): string {
  if (error.reason === 'model' && ModelError.is(error.cause)) {
    const why = modelWords[error.cause.reason](t);
    return t('{why} ({detail})', { why, detail: plain(error.cause.message, 200) });
  }
  // A model that declines in prose says there why.
  const said = error.reason === 'garbage' && error.answer !== '';
  return said
    ? t('{why} It said: {answer}', { why: words[error.reason](t), answer: error.answer })
    : words[error.reason](t);
}

const words: Readonly<Record<AssayerErrorReason, (t: Translate) => string>> = {
  empty: (t) => t('The model answered with nothing. Try again, or word the goal differently.'),
  garbage: (t) => t('The model answered with no plan.'),
  too_long: (t) => t('The plan became too long. Give a smaller goal.'),
  timed_out: (t) => t('The model took too long to plan. Try again or choose another model.'),
  cancelled: (t) => t('Planning was cancelled.'),
  model: (t) => t('The model could not be reached.'),
};

const modelWords: Readonly<Record<ModelErrorReason, (t: Translate) => string>> = {
  limit: (t) => t('The model’s usage limit is reached.'),
  overloaded: (t) => t('The model is overloaded. Try again in a moment.'),
  auth: (t) => t('The model refused the key. Set a valid one.'),
  credit: (t) => t('There is no credit left for this model. Add some at its provider.'),
  refused: (t) => t('The model refused to answer this.'),
  connection: (t) => t('The model could not be reached.'),
  cancelled: (t) => t('Planning was cancelled.'),
  protocol: (t) => t('The model answered in a way Rigs does not understand.'),
};
