import { type ComponentType, createElement, use } from 'react';
import { NotFetchedError } from './failure.ts';
import { needsReload, reloadOnce } from './reload.ts';

/** How often somebody has asked again for what did not come. */
let asks = 0;

/** What did not come is fetched anew when it is shown next. */
export function askAgain(): void {
  asks += 1;
}

/** A component that is fetched when it is first shown, or before that. */
export type FetchedLater<Props> = ComponentType<Props> & {
  /** Once it is there, it is shown at once. Rejects with what failed. */
  readonly fetch: () => Promise<unknown>;
  readonly isHere: () => boolean;
};

/**
 * What React calls lazy, in three ways better. It may be fetched before, and is then shown at once. What did not come is asked for anew
 * after {@link askAgain}, and not by itself, which without a network would never end; React's own remembers for ever that it failed. And
 * where only loading the page anew helps, that is done or told (reload.ts).
 */
export function fetchedLater<Props>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): FetchedLater<Props> {
  type Component = ComponentType<Props>;
  let here: Component | undefined;
  let coming: Promise<Component> | undefined;
  let failedAt: number | undefined;
  const begin = async (isAskedAgain: boolean): Promise<Component> => {
    try {
      here = (await load()).default;
      return here;
    } catch (error) {
      const isLost = await needsReload(isAskedAgain);
      // Nobody waits for the end of a page that is on its way out.
      if (isLost && reloadOnce()) return await new Promise<never>(() => {});
      failedAt = asks;
      throw new NotFetchedError(error, isLost);
    }
  };
  const fetch = (): Promise<Component> => {
    if (coming === undefined || (failedAt !== undefined && failedAt !== asks)) {
      const isAskedAgain = failedAt !== undefined;
      failedAt = undefined;
      coming = begin(isAskedAgain);
    }
    return coming;
  };
  return Object.assign(
    // What props there are, the caller's compiler knows; they only pass through here.
    (props: Props) =>
      createElement((here ?? use(fetch())) as ComponentType<object>, props as object),
    { fetch, isHere: () => here !== undefined },
  );
}

/** A file that exports, among others, a component of this name. */
export type Components<Name extends string> = { readonly [K in Name]: ComponentType<never> };
export type PropsOf<Component> = Component extends ComponentType<infer Props> ? Props : never;

/**
 * A page of an area that is fetched when somebody goes there: forms and editors weigh as much as everything else together, and who
 * reads a list waits for none of them.
 *
 * ```ts
 * const NewRewardPage = later(() => import(…), 'NewRewardPage');
 * ```
 */
export function later<Name extends string, Module extends Components<Name>>(
  load: () => Promise<Module>,
  name: Name,
): FetchedLater<PropsOf<Module[Name]>> {
  return fetchedLater(async () => ({
    default: (await load())[name] as ComponentType<PropsOf<Module[Name]>>,
  }));
}
