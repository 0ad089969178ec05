import type { Plugin, Rolldown } from 'vite';
import { filesOf, holds } from './files-of.ts';

/** Names in the page what its first script imports at once, so that it is fetched beside that script. Modules by the ends of their names. */
export function preloaded(base: string, modules: readonly string[]): Plugin {
  return {
    name: 'hongmi-preloaded',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        return (
          modules
            .flatMap((end) => filesOf(bundle, (chunk) => holds(chunk, end)))
            // What takes longest goes first.
            .sort((a, b) => sizeOf(bundle[b]) - sizeOf(bundle[a]))
            .map((file) => ({ href: base + file, isStyle: file.endsWith('.css') }))
            .filter(({ href }) => !html.includes(`"${href}"`))
            .map(({ href, isStyle }) => ({
              tag: 'link',
              attrs: { rel: isStyle ? 'stylesheet' : 'modulepreload', crossorigin: true, href },
              injectTo: 'head' as const,
            }))
        );
      },
    },
  };
}

/** Of a script; styles keep their order among each other, before all of them. */
const sizeOf = (file: Rolldown.OutputBundle[string] | undefined): number =>
  file?.type === 'chunk' ? file.code.length : Number.MAX_SAFE_INTEGER;
