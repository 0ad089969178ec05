import { type ComponentType, createElement, lazy } from 'react';
import { NotFetchedError } from './failure.ts';

/** How often somebody has asked again for what did not come. */
let asks = 0;

/** What did not come is fetched anew when it is shown next. */
export function askAgain(): void {
  asks += 1;
}

/**
 * `lazy`, but for what did not come: React's own remembers for ever that it failed. It is asked for anew after {@link askAgain}, and not
 * by itself, which without a network would never end.
 */
export function fetchedLater<Props>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): ComponentType<Props> {
  let failedAt: number | undefined;
  // What props there are, the caller's compiler knows; they only pass through here.
  const make = () =>
    lazy(() =>
      (load() as Promise<{ readonly default: ComponentType<object> }>).catch((error: unknown) => {
        failedAt = asks;
        throw new NotFetchedError(error);
      }),
    );
  let part = make();
  return (props) => {
    if (failedAt !== undefined && failedAt !== asks) {
      failedAt = undefined;
      part = make();
    }
    return createElement(part, props as object);
  };
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
): ComponentType<PropsOf<Module[Name]>> {
  return fetchedLater(async () => ({
    default: (await load())[name] as ComponentType<PropsOf<Module[Name]>>,
  }));
}
