import { type QueryKey, useIsMutating, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { type Failure, failureOf } from './failure.ts';

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
 * A write of a page. Its Idempotency-Key belongs to what is asked for: pressing again after a failure repeats the same request,
 * asking for something else is a new one. Resolves with undefined when it failed; `failure` says why.
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
  const last = useRef<{ readonly text: string; readonly key: string }>(undefined);
  const underWay = useRef<{ readonly text: string; readonly made: Promise<Made | undefined> }>(
    undefined,
  );
  const mutation = useMutation({
    ...(name && { mutationKey: name }),
    mutationFn: (asked: Asked) => {
      const text = JSON.stringify(asked) ?? '';
      if (last.current?.text !== text) last.current = { text, key: randomKey() };
      return run(asked, last.current.key);
    },
    onSuccess: (made, asked) => {
      last.current = undefined;
      for (const queryKey of touches) void queries.invalidateQueries({ queryKey });
      done?.(made, asked);
    },
  });
  return {
    send: (asked) => {
      const text = JSON.stringify(asked) ?? '';
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

/** 128 random bits. `crypto.randomUUID` is missing where the page came over plain http from another machine. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
