import { type QueryKey, useIsMutating, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { type Failure, failureOf } from './failure.ts';
import { createWriteKey, textOf } from './write-key.ts';

export interface Write<Asked, Made> {
  /**
   * Sends it. What is asked for again, unchanged, is the same request to the API: a lost answer costs nothing. While it is under way it
   * is not sent again: of two taps both hear of the one.
   */
  readonly send: (asked: Asked) => Promise<Made | undefined>;
  readonly isSending: boolean;
  /** Why the last one failed; gone with the next. */
  readonly failure: Failure | undefined;
  readonly clear: () => void;
}

/**
 * A write of a page. Its Idempotency-Key belongs to what is asked for: pressing again after an answer that was lost repeats the same
 * request; something else, or the same after a refusal, is a new one. Resolves with undefined when it failed; `failure` says why.
 *
 * `touches`: what was read and may be different now.
 */
export function useWrite<Asked, Made>(
  run: (asked: Asked, idempotencyKey: string) => Promise<Made>,
  {
    touches = [],
    done,
    name,
  }: {
    readonly touches?: readonly QueryKey[];
    /** Of long work: by it a page that is come back to finds it again ({@link useIsUnderWay}). */
    readonly name?: QueryKey;
    readonly done?: (made: Made, asked: Asked) => void;
  } = {},
): Write<Asked, Made> {
  const queries = useQueryClient();
  const [key] = useState(() => createWriteKey());
  const underWay = useRef<{ readonly text: string; readonly made: Promise<Made | undefined> }>(
    undefined,
  );
  const mutation = useMutation({
    ...(name && { mutationKey: name }),
    mutationFn: (asked: Asked) => run(asked, key.of(asked)),
    onError: (error, asked) => key.ended(asked, error),
    onSuccess: (made, asked) => {
      key.ended(asked);
      for (const queryKey of touches) void queries.invalidateQueries({ queryKey });
      done?.(made, asked);
    },
  });
  return {
    send: (asked) => {
      const text = textOf(asked);
      if (underWay.current?.text === text) return underWay.current.made;
      const made = mutation
        .mutateAsync(asked)
        .catch(() => undefined)
        .finally(() => {
          if (underWay.current?.made === made) underWay.current = undefined;
        });
      underWay.current = { text, made };
      return made;
    },
    isSending: mutation.isPending,
    failure: mutation.error === null ? undefined : failureOf(mutation.error),
    clear: mutation.reset,
  };
}

/** Whether a write of this name is still under way, from whichever page of this tab it was sent. */
export function useIsUnderWay(name: QueryKey): boolean {
  return useIsMutating({ mutationKey: name }) > 0;
}
