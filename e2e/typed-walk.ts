import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { outputOf, ROOT_KEY } from './running-server.ts';

const HONGMI = fileURLToPath(new URL('../scripts/hongmi.mjs', import.meta.url));

/** The part of a document under a heading, to the next of its kind. */
export function partOf(text: string, heading: string): string {
  const [hashes = ''] = heading.split(' ');
  return text.slice(text.indexOf(heading)).split(`\n${hashes} `)[0] ?? '';
}

/**
 * Types what a document shows (`sh`: commands; `console`: a command, and what it says) as it stands, on a server on this port instead of
 * that of the folder. Answers what the `console` blocks say, and what came of it.
 */
export async function typeWalk(
  walk: string,
  { port, folder }: { readonly port: number; readonly folder: string },
): Promise<{ readonly shown: readonly string[]; readonly found: readonly string[] }> {
  const shown: string[] = [];
  const script = [...walk.matchAll(/^```(sh|console)\n([\s\S]*?)^```$/gm)].map(([, kind, code]) => {
    if (kind === 'sh') return code;
    const [command = '', ...lines] = (code ?? '').split('\n');
    shown.push(lines.join('\n'));
    return `echo ====; ${command.replace(/^\$ /, '')}`;
  });
  const { code, stdout, stderr } = await bash(asHere(script.join('\n'), port), port, folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain('urn:hongmi:problem');
  const [, ...told] = stdout.split('====\n');
  // Between them stand the answers to what is typed after each: JSON, or ids.
  const answer = /^(\{.*|[a-z]+_[0-9a-z]{26})\n/gm;
  return { shown, found: told.map((each) => each.replace(answer, '')) };
}

function asHere(script: string, port: number): string {
  const here = script
    .replaceAll('npm run -s hongmi --', `"${process.execPath}" "${HONGMI}"`)
    .replaceAll('http://localhost:8080', `http://127.0.0.1:${port}`)
    .replaceAll('$(cat .data/root-key)', ROOT_KEY);
  expect(here.match(/localhost|\.data|npm/g)).toBeNull();
  return here;
}

async function bash(script: string, port: number, cwd: string) {
  const env = { ...process.env, HONGMI_URL: `http://127.0.0.1:${port}`, HONGMI_KEY: ROOT_KEY };
  const child = spawn('bash', ['-eu', '-c', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return outputOf(child);
}
