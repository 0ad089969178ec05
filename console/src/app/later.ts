import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/**
 * A page of an area that is fetched when somebody goes there: forms and editors weigh as much as everything else together, and who
 * reads a list waits for none of them.
 *
 * ```ts
 * const NewRewardPage = later(() => import(…), 'NewRewardPage');
 * ```
 */
export function later<Name extends string, Props extends object>(
  load: () => Promise<{ readonly [K in Name]: ComponentType<Props> }>,
  name: Name,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => ({ default: (await load())[name] }));
}
