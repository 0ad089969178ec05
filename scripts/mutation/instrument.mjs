import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { root } from '../ensure.mjs';

const quiet = { debug: () => undefined, info: () => undefined, isDebugEnabled: () => false };

/**
 * What makes room for more: a mutant of it makes gigabytes, which spoils the runs after its own or the machine. A buffer
 * that is too small throws, and a test fills each.
 */
const GROWING = ['room', 'Int32List'];
const growing = {
  shouldIgnore: (path) =>
    (path.isFunctionDeclaration() || path.isClassDeclaration() || path.isClassMethod()) &&
    GROWING.includes(path.node.id?.name ?? path.node.key?.name)
      ? 'makes room'
      : undefined,
};

/** Every mutant of some sources, and the sources with all of them, each behind its own switch. */
export async function instrument(paths) {
  const files = paths.map((name) => ({ name, mutate: true, content: readFileSync(name, 'utf8') }));
  const options = { plugins: null, ignorers: [growing], excludedMutations: [] };
  const result = await new Instrumenter(quiet).instrument(files, options);
  const mutants = result.mutants.map((mutant) => {
    const { id, fileName, location, mutatorName, replacement, status } = mutant;
    const { content } = files.find(({ name }) => name === fileName);
    return {
      ...{ id, mutatorName, replacement, file: relative(root, fileName) },
      isLeftOut: status === 'Ignored',
      ...{ line: location.start.line + 1, original: textAt(content, location) },
    };
  });
  return { sources: new Map(result.files.map(({ name, content }) => [name, content])), mutants };
}

function textAt(content, { start, end }) {
  const lines = content.split('\n').slice(start.line, end.line + 1);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column);
  lines[0] = lines[0].slice(start.column);
  return lines.join('\n');
}
