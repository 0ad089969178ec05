import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { unpackWoff } from './unpack-woff.ts';

/** What PDFs are set in. */
export interface PaperFonts {
  readonly plain: Buffer;
  readonly bold: Buffer;
}

const require = createRequire(import.meta.url);
let fonts: Promise<PaperFonts> | undefined;

/**
 * Noto Sans SC (SIL Open Font License): over 7,000 Han characters, and Latin. Read when the first PDF is made, 3 MB and twice that
 * unpacked; only the glyphs that a paper uses go into it.
 */
export function loadFonts(): Promise<PaperFonts> {
  fonts ??= Promise.all([
    // Written out, so that tools see what is needed of the package.
    read(
      require.resolve(
        '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff',
      ),
    ),
    read(
      require.resolve(
        '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-700-normal.woff',
      ),
    ),
  ]).then(
    ([plain, bold]) => ({ plain, bold }),
    (error: unknown) => {
      // A disk may be well again the next time.
      fonts = undefined;
      throw error;
    },
  );
  return fonts;
}

async function read(file: string): Promise<Buffer> {
  return unpackWoff(await readFile(file));
}
