import type { InitializeHook, ResolveHook } from 'node:module';

/** One module in the place of another, by their URLs. */
export interface Replaced {
  readonly theirs: string;
  readonly ours: string;
}

let replaced: readonly Replaced[] = [];

export const initialize: InitializeHook<readonly Replaced[]> = (data) => {
  replaced = data;
};

/** What replaces a module still reaches it. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const resolved = await next(specifier, context);
  const found = replaced.find(({ theirs }) => theirs === resolved.url);
  return found === undefined || context.parentURL === found.ours
    ? resolved
    : { ...resolved, url: found.ours };
};
