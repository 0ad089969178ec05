import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const PAGE =
  '<!doctype html><html lang="en"><title>Plain</title><script src="/plain.js" defer></script>';
const SCRIPT =
  "const h = document.createElement('h1'); h.textContent = 'Plain'; document.body.append(h);";

/**
 * A heading made by a script, from another server of the same machine: the least that any page takes. `bytes`: so much is fetched for
 * it, which no compression makes less.
 */
export async function servePlainPage(
  bytes = 0,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  // Four characters of base64 are three bytes.
  const padding = randomBytes(Math.ceil((Math.max(0, bytes - SCRIPT.length) * 3) / 4));
  const script = `${SCRIPT}\n//${padding.toString('base64')}\n`;
  const server = createServer((request, response) => {
    const isScript = request.url === '/plain.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : PAGE);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
