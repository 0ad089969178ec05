import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { unpackWoff } from '@hongmi/server/platform/papers/unpack-woff';
import { readTar } from './read-tar.ts';

/** A browser that is ready to run, and what its environment needs. */
export interface Chromium {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const require = createRequire(import.meta.url);
/** Changes with what is made of the package, so that nobody runs what another version unpacked. */
const FORM = 1;
// Written out, so that tools see what is needed of the package.
const FONTS = [
  require.resolve('@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff'),
  require.resolve('@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-700-normal.woff'),
];

/**
 * Unpacks Chromium and the font it needs for Chinese, 200 MB, once for each version, into the repository's `tmp`, where its owner may
 * run it. Two that unpack at the same time do it twice, and one of them wins. `CHROMIUM_PATH` names another browser instead, on
 * systems that the package has none for.
 */
export async function unpackChromium(): Promise<Chromium> {
  const bin = join(dirname(require.resolve('@sparticuz/chromium')), '..', '..', 'bin');
  const { version } = JSON.parse(await readFile(join(bin, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const place = join(ROOT, 'tmp', 'browser', `chromium-${version}-${FORM}`);
  const other = process.env.CHROMIUM_PATH;
  if (other === undefined && (process.platform !== 'linux' || process.arch !== 'x64'))
    throw new Error(
      `there is no browser for ${process.platform} on ${process.arch} among the packages: name one in CHROMIUM_PATH`,
    );
  if (!existsSync(place)) await putInPlace(bin, place, other === undefined);
  await nameFonts(place);
  return {
    executable: other ?? join(place, 'chromium'),
    env: {
      FONTCONFIG_FILE: join(place, 'fonts.conf'),
      // Its own libraries, so that a machine needs none; what finds them there already is not disturbed.
      LD_LIBRARY_PATH: [join(place, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
    },
  };
}

async function putInPlace(bin: string, place: string, withBrowser: boolean): Promise<void> {
  const fresh = `${place}.${process.pid}`;
  await mkdir(join(fresh, 'lib'), { recursive: true });
  await mkdir(join(fresh, 'fonts'));
  if (withBrowser) {
    const executable = join(fresh, 'chromium');
    await writeFile(executable, await decompress(join(bin, 'chromium.br')));
    await chmod(executable, 0o755);
    for (const { name, bytes } of readTar(await decompress(join(bin, 'al2023.tar.br'))))
      await writeFile(join(fresh, 'lib', basename(name)), bytes);
  }
  for (const font of FONTS)
    await writeFile(
      join(fresh, 'fonts', basename(font, '.woff')),
      unpackWoff(await readFile(font)),
    );
  try {
    await rename(fresh, place);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
}

async function decompress(file: string): Promise<Buffer> {
  return await promisify(brotliDecompress)(await readFile(file));
}

/** Fontconfig wants whole paths, and a clone may have been moved since: without any font the browser ends at the first text. */
async function nameFonts(place: string): Promise<void> {
  const file = join(place, 'fonts.conf');
  const wanted = fontsOf(place);
  if ((await readFile(file, 'utf8').catch(() => '')) === wanted) return;
  await writeFile(`${file}.${process.pid}`, wanted);
  await rename(`${file}.${process.pid}`, file);
}

/** One font for everything: pictures of pages are then the same on every machine. */
function fontsOf(place: string): string {
  const inXml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const alias = (family: string): string =>
    `  <alias binding="same"><family>${family}</family><prefer><family>Noto Sans SC</family></prefer></alias>\n`;
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${inXml(join(place, 'fonts'))}</dir>
  <cachedir>${inXml(join(place, 'fonts', 'cache'))}</cachedir>
${['sans-serif', 'serif', 'monospace', 'system-ui'].map(alias).join('')}</fontconfig>
`;
}
