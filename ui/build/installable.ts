import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin, Rolldown } from 'vite';
import { LIGHT } from '../src/tokens.ts';
import { chunksOf, filesOf, holds } from './files-of.ts';
import { renderIcon } from './icon.ts';

export interface Installable {
  /** Where the pages are, with a slash at both ends. */
  readonly base: string;
  readonly name: string;
  /** Below the icon: four Chinese characters or so. */
  readonly shortName: string;
  readonly description: string;
  /**
   * What works without the network, of that which is fetched later: modules by the ends of their names, with all that they import; or
   * everything.
   */
  readonly offline: readonly string[] | 'all';
}

const ICONS = [
  { file: 'icon-192.png', sidePx: 192, maskable: false },
  { file: 'icon-512.png', sidePx: 512, maskable: false },
  { file: 'icon-maskable-512.png', sidePx: 512, maskable: true },
  // Apple's, which is never transparent.
  { file: 'apple-touch-icon.png', sidePx: 180, maskable: true },
] as const;
const SERVICE_WORKER = fileURLToPath(new URL('service-worker.js', import.meta.url));

/** Makes built pages installable, and keeps what they need without the network: a manifest, icons, a service worker with its list. */
export function installable(options: Installable): Plugin {
  return {
    name: 'hongmi-installable',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: () => [
        link({ rel: 'manifest', href: `${options.base}manifest.webmanifest` }),
        link({ rel: 'apple-touch-icon', href: `${options.base}apple-touch-icon.png` }),
      ],
    },
    generateBundle(_, bundle) {
      const emit = (fileName: string, source: string | Uint8Array): void => {
        this.emitFile({ type: 'asset', fileName, source });
      };
      emit('manifest.webmanifest', JSON.stringify(manifestOf(options)));
      for (const { file, sidePx, maskable } of ICONS) emit(file, renderIcon(sidePx, { maskable }));
      emit('sw.js', serviceWorker(options, shellOf(bundle, options.offline)));
    },
  };
}

const link = (attrs: Record<string, string>) => ({ tag: 'link', attrs, injectTo: 'head' }) as const;

function manifestOf({ base, name, shortName, description }: Installable) {
  return {
    ...{ id: base, start_url: base, scope: base, lang: 'zh-CN', dir: 'ltr' },
    ...{ name, short_name: shortName, description },
    ...{ display: 'standalone', background_color: LIGHT.page, theme_color: LIGHT.page },
    icons: ICONS.map(({ file, sidePx, maskable }) => ({
      src: `${base}${file}`,
      sizes: `${sidePx}x${sidePx}`,
      type: 'image/png',
      purpose: maskable ? 'maskable' : 'any',
    })),
  };
}

/** Scripts and styles that the page and its offline parts are made of, with all that these import. */
function shellOf(bundle: Rolldown.OutputBundle, offline: Installable['offline']): string[] {
  const chunks = chunksOf(bundle);
  const ends = offline === 'all' ? [] : offline;
  const missing = ends.filter((end) => !chunks.some((chunk) => holds(chunk, end)));
  if (missing.length > 0) throw new Error(`nothing is built of ${missing.join(', ')}`);
  return filesOf(
    bundle,
    (chunk) => chunk.isEntry || offline === 'all' || ends.some((end) => holds(chunk, end)),
  ).sort();
}

function serviceWorker({ base }: Installable, files: readonly string[]): string {
  const code = readFileSync(SERVICE_WORKER, 'utf8');
  const list = JSON.stringify(files.map((file) => `${base}${file}`));
  const version = createHash('sha256').update(code).update(list).digest('hex').slice(0, 16);
  const told = { BASE: JSON.stringify(base), VERSION: JSON.stringify(version), FILES: list };
  return Object.entries(told).reduce(
    (text, [name, value]) => text.replace(`'__${name}__'`, () => value),
    code,
  );
}
