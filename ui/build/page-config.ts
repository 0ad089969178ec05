import {
  defaultClientConditions,
  defineConfig,
  type PluginOption,
  type Rolldown,
  type UserConfig,
} from 'vite';

/** How every folder of pages is built. `base`: the address it is served at, with a slash at both ends. `output`: how it is cut into files. */
export function pageConfig(
  base: string,
  plugins: PluginOption[] = [],
  output: Rolldown.OutputOptions = {},
): UserConfig {
  return defineConfig({
    base,
    plugins,
    // Workspace packages name their TypeScript under `source`: the build needs none of theirs.
    // One React, wherever npm put another for a package that wants an older one: two of them know nothing of each other's hooks.
    resolve: {
      conditions: ['source', ...defaultClientConditions],
      dedupe: ['react', 'react-dom'],
    },
    build: {
      target: 'es2022',
      // Inlined files would need data: in the policy of scripts and fonts.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: {
        output,
        // "use client" means nothing without a server that renders.
        onLog(level, log, handle) {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
        },
      },
    },
    server: { proxy: { '/v1': 'http://localhost:8080' } },
  });
}
