import { createServer } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';

/** The address cannot be listened on; the message says why and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/**
 * Fails when the address cannot be listened on, before anything else is started. What takes it between
 * this look and the real listening is found then, by {@link listenErrorOf}.
 */
export async function assertListenable(host: string, port: number): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      // As the HTTP server does: exclusive, and closing the probe frees it at once.
      probe.listen({ host, port, exclusive: true }, resolve);
    });
  } catch (error) {
    throw listenErrorOf(error, host, port);
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}

/** The error of a failed listen, told to a person; anything else is returned as it is. */
export function listenErrorOf(error: unknown, host: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const options = { cause: error };
  switch (code) {
    case 'EADDRINUSE':
      return new ListenError(
        `Port ${port} on ${host} is taken by another program. Stop that one, or choose another port with HONGMI_PORT.`,
        options,
      );
    case 'EACCES':
      return new ListenError(
        `This user may not listen on port ${port}. Choose one above 1023 with HONGMI_PORT.`,
        options,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ListenError(
        `HONGMI_HOST=${host} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all.`,
        options,
      );
    default:
      return error;
  }
}

/** The URL at which programs on this machine reach the server. */
export function localUrl(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The URL to show to people: passkeys refuse bare IP addresses, so loopback is shown by its name. */
export function shownUrl(host: string, port: number): string {
  const isLoopback = ['127.0.0.1', '::1', '0.0.0.0', '::', 'localhost'].includes(host);
  return isLoopback ? `http://localhost:${port}` : localUrl(host, port);
}

/** The URLs at which phones and tablets of the same network reach a server that listens on all addresses: of IPv4, which people can type. */
export function lanUrls(
  host: string,
  port: number,
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [];
  return Object.values(interfaces).flatMap((addresses = []) =>
    addresses
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => `http://${address}:${port}`),
  );
}
