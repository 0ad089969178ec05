import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { RefusalError } from '../kernel/refusal.ts';
import { LedgerUnavailable } from '../ledger/ledger.ts';
import { databaseFailure } from '../platform/database.ts';
import { LaneFull } from '../platform/lane.ts';
import { PaymentUnavailable } from '../platform/payment/payment.ts';
import type { Problem, ProblemCode } from '../platform/web/problem.ts';
import { problem, problemOf, sendProblem } from '../platform/web/problem.ts';
import { complaintsOf } from '../platform/web/validation.ts';
import type { AnswerUnrouted } from './unrouted.ts';

const RETRY_AFTER_SECONDS = 1;

/** What Fastify itself refuses, by its codes. */
const FRAMEWORK_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_BAD_URL: 'invalid_request',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
};

/** The form of a request does not matter where there is nothing to ask; see {@link answerFailure}. */
export function failuresOf(answerUnrouted: AnswerUnrouted): typeof answerFailure {
  return (error, request, reply) =>
    request.is404 ? answerUnrouted(request, reply) : answerFailure(error, request, reply);
}

/** Answers whatever was thrown with a problem; what nobody expected is logged and tells the caller nothing. */
export function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const told = problemOfFailure(error);
  if (told.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  if (told.code === 'internal_error') {
    request.log.error(
      { err: error, requestId: request.id, method: request.method, url: request.routeOptions.url },
      'unexpected failure',
    );
  }
  sendProblem(reply, told.status >= 500 ? { ...told, requestId: request.id } : told);
}

function problemOfFailure(error: unknown): Problem {
  if (error instanceof RefusalError) return problemOf(error.refusal);
  if (isUnavailable(error))
    return problemOf(
      problem(
        'unavailable',
        'the database is not available at the moment; repeat the request with the same Idempotency-Key',
      ),
    );
  if (error instanceof PaymentUnavailable)
    return problemOf(
      problem(
        'unavailable',
        'the payment provider does not answer; repeat the request with the same Idempotency-Key',
      ),
    );
  if (error instanceof LaneFull)
    return problemOf(
      problem(
        'unavailable',
        'the server is busy; repeat the request with the same Idempotency-Key',
      ),
    );
  const { validation, validationContext, code } = error as Partial<FastifyError>;
  if (validation !== undefined) return problemOfValidation(validation, validationContext);
  const known = FRAMEWORK_CODES[code ?? ''];
  if (known !== undefined) return problemOf(problem(known, (error as Error).message));
  return problemOf(problem('internal_error', 'the failure was logged under the requestId'));
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof LedgerUnavailable) return true;
  // Others got in between however often it was run again: the next request may have more luck.
  const failure = databaseFailure(error);
  return failure === 'unavailable' || failure === 'conflict';
}

const PLACES: Readonly<Record<string, string>> = { querystring: 'query', params: 'path' };

function problemOfValidation(
  validation: NonNullable<FastifyError['validation']>,
  context = 'body',
): Problem {
  const errors = complaintsOf(validation);
  const place = PLACES[context] ?? context;
  const first = errors[0];
  const detail =
    first === undefined
      ? `the ${place} is not valid`
      : `in the ${place}, ${first.path || 'it'} ${first.message}`;
  return { ...problemOf(problem('invalid_request', detail)), in: place, errors };
}
