export { answered, type ClientOptions, createClient, type HongmiClient, once } from './client.ts';
export type { components, operations, paths } from './generated/schema.ts';
export { NoAnswerError, type ProblemDetails, ProblemError } from './problem.ts';
export type { Retry } from './retry.ts';
