import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { runCommand } from '../main.ts';
import { languageOf, speaker } from '../messages.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command as a process would, with an environment of the test's own. */
export async function run(
  words: readonly string[],
  env: Record<string, string> = {},
  home = '/nowhere',
  input = '',
): Promise<Ran> {
  let out = '';
  let err = '';
  const code = await runCommand(words, {
    env,
    here: '/nowhere',
    home,
    say: speaker(languageOf(env)),
    input: async () => input,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    progress: () => {},
    endProgress: () => {},
  });
  return { code, out, err };
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly body: string;
}

/** A server that answers by `METHOD /path?query`, a buffer as it is and all else as JSON; whatever is not listed is a 404 problem. */
export async function stubServer(
  answers: Readonly<Record<string, unknown>>,
): Promise<{ env: Record<string, string>; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      asked.push({ method, path, key: headers.authorization, body });
      const answer = answers[`${method} ${path}`];
      const detail = `no ${path}`;
      const problem = { type: 't', title: 'No', status: 404, detail, code: 'not_found' };
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(Buffer.isBuffer(answer) ? answer : JSON.stringify(answer ?? problem));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { env: { HONGMI_URL: `http://127.0.0.1:${port}/v1/`, HONGMI_KEY: 'hm_stub' }, asked };
}
