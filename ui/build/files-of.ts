import type { Rolldown } from 'vite';

/** Whether a chunk was made of a module, which is named by the end of its name. */
export const holds = ({ moduleIds }: Rolldown.OutputChunk, end: string): boolean =>
  moduleIds.some((id) => id.endsWith(end));

/** Names of the scripts and styles that chunks and all that they import are made of: each behind what it imports. */
export function filesOf(
  bundle: Rolldown.OutputBundle,
  isWanted: (chunk: Rolldown.OutputChunk) => boolean,
): string[] {
  const chunks = chunksOf(bundle);
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const seen = new Set<string>();
  const files = new Set<string>();
  const add = (chunk: Rolldown.OutputChunk | undefined): void => {
    if (chunk === undefined || seen.has(chunk.fileName)) return;
    seen.add(chunk.fileName);
    for (const each of chunk.imports) add(byFile.get(each));
    for (const style of chunk.viteMetadata?.importedCss ?? []) files.add(style);
    files.add(chunk.fileName);
  };
  for (const chunk of chunks) if (isWanted(chunk)) add(chunk);
  return [...files];
}

export const chunksOf = (bundle: Rolldown.OutputBundle): Rolldown.OutputChunk[] =>
  Object.values(bundle).filter((each) => each.type === 'chunk');
