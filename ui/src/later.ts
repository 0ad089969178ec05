import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

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
): LazyExoticComponent<ComponentType<PropsOf<Module[Name]>>> {
  return lazy(async () => ({
    default: (await load())[name] as ComponentType<PropsOf<Module[Name]>>,
  }));
}
