export {
  type ClientOptions,
  createClient,
  type Hongmi,
  type KeyOptions,
  type SessionOptions,
} from './client.ts';
export type { Download, LiveDownload } from './download.ts';
export type { components, operations } from './generated/schema.ts';
export type {
  CallOptions,
  FileName,
  Input,
  Item,
  JsonName,
  ListName,
  OperationName,
  Output,
  Preview,
} from './operation-types.ts';
export type { Page, Pages, Part } from './pages.ts';
export {
  isRefusal,
  NoAnswerError,
  type ProblemCode,
  type ProblemDetails,
  ProblemError,
  type Refused,
  type RefusedPart,
} from './problem.ts';
export type { Retry, RetryEvent } from './retry.ts';
