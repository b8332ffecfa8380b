import type * as Sdk from '@anthropic-ai/sdk';
import { ModelError, type ModelErrorReason } from '../../ports/models.ts';
import { askedToWait, limitEnds, limitHeaders } from './limits.ts';

/** HTTP status → reason; a status that is not named is `overloaded` from 500 on and `refused` below. */
const byStatus: Readonly<Partial<Record<number, ModelErrorReason>>> = {
  401: 'auth',
  402: 'limit',
  403: 'auth',
  408: 'connection',
  429: 'limit',
};

/** `error.type` of a body that came inside a stream, where the status is long gone. */
const byType: Readonly<Partial<Record<string, ModelErrorReason>>> = {
  rate_limit_error: 'limit',
  billing_error: 'limit',
  overloaded_error: 'overloaded',
  api_error: 'overloaded',
  timeout_error: 'connection',
  authentication_error: 'auth',
  permission_error: 'auth',
  invalid_request_error: 'refused',
  not_found_error: 'refused',
  request_too_large: 'refused',
};

/** Reasons after which the same request may well succeed a moment later. */
export const passing: readonly ModelErrorReason[] = ['overloaded', 'connection'];

/**
 * What went wrong, in our words; null when it is no failure of the model's and should be thrown as it is. The SDK is
 * handed in because it is loaded late.
 */
export function failureOf(
  error: unknown,
  sdk: Pick<typeof Sdk, 'APIError' | 'APIConnectionError' | 'APIUserAbortError'>,
  now: number,
): ModelError | null {
  if (error instanceof ModelError) return error;
  const cause = { cause: error };
  if (error instanceof sdk.APIUserAbortError) {
    return new ModelError('cancelled', 'The request was cancelled.', null, cause);
  }
  if (error instanceof sdk.APIConnectionError) {
    return new ModelError('connection', `The model could not be reached: ${root(error)}`, null, cause);
  }
  if (isAnswer(error, sdk)) return answered(error, now);
  if (error instanceof SyntaxError) {
    return new ModelError('protocol', 'The model answered something that is not its protocol.', null, cause);
  }
  if (isBrokenStream(error)) {
    return new ModelError('connection', `The connection broke off: ${root(error)}`, null, cause);
  }
  return null;
}

/** `instanceof` alone would leave the class's type parameters open. */
function isAnswer(error: unknown, sdk: Pick<typeof Sdk, 'APIError'>): error is Sdk.APIError {
  return error instanceof sdk.APIError;
}

function answered(error: Sdk.APIError, now: number): ModelError {
  const status = error.status ?? 0;
  const unnamed = status >= 500 ? 'overloaded' : status >= 400 ? 'refused' : 'protocol';
  const reason = byStatus[status] ?? (status === 0 ? byType[error.type ?? ''] : undefined) ?? unnamed;
  const limits = error.headers === undefined ? {} : limitHeaders(error.headers);
  const at = reason === 'limit' ? limitEnds(limits, now) : askedToWait(limits, now);
  const said = error.apiMessage ?? error.message;
  return new ModelError(reason, status === 0 ? said : `${said} (${status})`, at, { cause: error });
}

/** Node's fetch ends a body that breaks off with a TypeError `terminated`; its cause has the socket's code. */
function isBrokenStream(error: unknown): error is Error {
  return error instanceof TypeError && /terminated|fetch failed|network/i.test(error.message);
}

function root(error: Error): string {
  return error.cause instanceof Error ? root(error.cause) : error.message;
}
