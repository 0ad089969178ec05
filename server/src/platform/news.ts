import { Client } from 'pg';
import type { Transaction } from './database.ts';

/** What processes keep in memory of a database that others change too. */
export type Topic =
  | 'key'
  | 'keys'
  | 'session'
  | 'programmes'
  | 'member'
  | 'merchant'
  | 'consent'
  | 'consents'
  | 'rules'
  | 'rewards'
  | 'promotions'
  | 'simulations';

const CHANNEL = 'hongmi_news';
const RECONNECT_MS = 1_000;
// Nobody waits for it, and while a server starts its thread is busy for seconds.
const CONNECT_MS = 30_000;

/** Tells every process on this database, this one included, once the transaction is committed. */
export async function tell(tx: Transaction, topic: Topic, about = ''): Promise<void> {
  await tx.query('select pg_notify($1, $2)', [CHANNEL, `${topic} ${about}`]);
}

export interface NewsOptions {
  readonly url: string;
  /** Called for each message, with what {@link tell} said it is about. */
  readonly on: Readonly<Record<Topic, (about: string) => void>>;
  /** News may have been missed: whatever is kept in memory must be read again. */
  readonly onGap: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Listens on a connection of its own until closed, and connects again when it breaks. News only makes
 * processes agree sooner: what they keep also grows old by itself, so a database behind a pooler that
 * cannot listen costs seconds, not correctness.
 */
export function listenToNews({ url, on, onGap, onError }: NewsOptions): {
  close(): Promise<void>;
} {
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let told = false;

  async function connect(): Promise<void> {
    const made = new Client({
      connectionString: url,
      application_name: 'hongmi-news',
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
    });
    client = made;
    made.on('error', () => undefined); // the end that follows says it too
    made.on('end', () => {
      if (client === made) again();
    });
    made.on('notification', ({ payload = '' }) => {
      const [topic = '', about = ''] = payload.split(' ');
      // A newer version may have news that this one does not know.
      if (Object.hasOwn(on, topic)) on[topic as Topic](about);
    });
    try {
      await made.connect();
      await made.query(`listen ${CHANNEL}`);
      told = false;
      onGap();
    } catch (error) {
      if (!told && !closed) onError(error);
      told = true;
      await made.end().catch(() => undefined);
      again();
    }
  }

  function again(): void {
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(start, RECONNECT_MS);
  }

  let connecting = Promise.resolve();
  function start(): void {
    if (!closed) connecting = connect();
  }
  start();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await connecting;
      await client?.end().catch(() => undefined);
    },
  };
}
