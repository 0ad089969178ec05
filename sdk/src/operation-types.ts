import type { operations } from './generated/schema.ts';

/** The name of an operation, as the API's description calls it: `createMember`, `listRules`. */
export type OperationName = keyof operations;

// A caller may leave out what is optional, or say `undefined`: neither is sent.
type Loose<T> = T extends unknown
  ? { [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K] }
  : never;

type PathOf<N extends OperationName> = operations[N] extends { parameters: { path: infer P } }
  ? P
  : unknown;
type QueryOf<N extends OperationName> = operations[N] extends { parameters: { query?: infer Q } }
  ? [NonNullable<Q>] extends [never]
    ? unknown
    : Loose<NonNullable<Q>>
  : unknown;
type BodyOf<N extends OperationName> = operations[N] extends {
  requestBody?: { content: { 'application/json': infer B } };
}
  ? Loose<B>
  : unknown;

/** All that an operation is told, in one object: what stands in its path, its query and its body. */
export type Input<N extends OperationName> = PathOf<N> & QueryOf<N> & BodyOf<N>;

type Contents<N extends OperationName> = {
  [S in keyof operations[N]['responses'] &
    (200 | 201 | 202)]: operations[N]['responses'][S] extends {
    content: infer C;
  }
    ? C
    : never;
}[keyof operations[N]['responses'] & (200 | 201 | 202)];

type Json<C> = C extends { 'application/json': infer J } ? J : never;
type Rehearsed = { dryRun: true };

/** What an operation answers: without what only a dry run does. */
export type Output<N extends OperationName> = Exclude<Json<Contents<N>>, Rehearsed>;
/** What an operation answers to `dryRun: true`; never for those that have no dry run. */
export type Preview<N extends OperationName> = PreviewIn<Json<Contents<N>>>;
type PreviewIn<J> = J extends unknown ? ('dryRun' extends keyof J ? J : never) : never;

type NonJson<C> = C extends unknown ? Exclude<keyof C, 'application/json'> : never;

/** The operations that answer files: CSV, PDF, XLSX and pages to print. */
export type FileName = {
  [N in OperationName]: [NonJson<Contents<N>>] extends [never] ? never : N;
}[OperationName];

/** The operations that answer JSON: nearly all. */
export type JsonName = {
  [N in OperationName]: [Json<Contents<N>>] extends [never] ? never : N;
}[OperationName];

type PageOf<I> = { items: I[]; nextCursor: string | null };

/** The lists: operations that answer a page and where the next one begins. */
export type ListName = {
  [N in JsonName]: Output<N> extends PageOf<unknown>
    ? Input<N> extends { cursor?: unknown }
      ? N
      : never
    : never;
}[JsonName];

/** What a list is of. */
export type Item<N extends ListName> = Output<N> extends PageOf<infer I> ? I : never;

/** What goes with one call, beside what the operation is told. */
export interface CallOptions {
  /**
   * Makes a write happen once: 1 to 128 visible ASCII characters that the same write always has, an order's number, say. Then it may
   * be repeated after a crash. Without one, a random key covers the retries of this call only. Reads have none.
   */
  readonly idempotencyKey?: string | undefined;
  /** An API key to ask with instead of the client's: of somebody else who has to do this one thing. */
  readonly key?: string | undefined;
  /** Ends the call: it rejects with the signal's reason. Whether a write happened is not known then. */
  readonly signal?: AbortSignal | undefined;
  /** How long one attempt may take, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/** The arguments of a call: what it is told may be left out where nothing of it is needed. */
export type Told<I> = object extends I
  ? [input?: I, options?: CallOptions]
  : [input: I, options?: CallOptions];

/** An operation as a method. A dry run is answered with its preview. */
type Method<N extends JsonName> = [Preview<N>] extends [never]
  ? (...told: Told<Input<N>>) => Promise<Output<N>>
  : {
      (input: Input<N> & { dryRun: true }, options?: CallOptions): Promise<Preview<N>>;
      (...told: Told<Input<N> & { dryRun?: false | undefined }>): Promise<Output<N>>;
      (...told: Told<Input<N>>): Promise<Output<N> | Preview<N>>;
    };

/** Every operation by its name. */
export type Methods = { readonly [N in JsonName]: Method<N> };
