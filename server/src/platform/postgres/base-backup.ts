import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { Client, type ClientConfig, Query } from 'pg';

const BUFFER_BYTES = 4 * 1024 * 1024;
const ARCHIVE = 0x6e;
const DATA = 0x64;

interface Connection {
  readonly stream: { pause(): void; resume(): void };
}

/**
 * The whole cluster as one tar, taken while it works, with the log that makes it consistent: what
 * pg_basebackup asks for, through the same protocol, because the embedded package ships no client
 * programs. A PostgreSQL of the same major version starts from it. Needs a superuser's URL.
 */
export async function* takeBaseBackup(url: string): AsyncGenerator<Buffer> {
  const client = new Client({ connectionString: url, replication: 'true' } as ClientConfig);
  const tar = new PassThrough({ highWaterMark: BUFFER_BYTES });
  client.on('error', (error) => tar.destroy(error));
  await client.connect();
  try {
    // Keeps the log since now until this session ends, however long the copying takes.
    await client.query(
      `CREATE_REPLICATION_SLOT hongmi_backup_${randomBytes(6).toString('hex')} TEMPORARY PHYSICAL RESERVE_WAL`,
    );
    const query = new BaseBackup(tar);
    query.on('error', (error) => tar.destroy(error));
    query.on('end', () => tar.end());
    client.query(query);
    yield* tar as AsyncIterable<Buffer>;
  } finally {
    tar.destroy();
    await client.end().catch(() => undefined);
  }
}

class BaseBackup extends Query {
  private archives = 0;
  private isPaused = false;
  private readonly tar: PassThrough;

  constructor(tar: PassThrough) {
    super(
      `BASE_BACKUP (LABEL 'hongmi', CHECKPOINT 'fast', WAL true, PROGRESS false, MANIFEST 'no')`,
    );
    this.tar = tar;
  }

  handleCopyData({ chunk }: { chunk: Buffer }, { stream }: Connection): void {
    if (chunk[0] === ARCHIVE) {
      this.archives += 1;
      if (this.archives > 1)
        this.tar.destroy(
          new Error('the cluster has tablespaces; back it up with pg_basebackup instead'),
        );
    }
    if (chunk[0] !== DATA || this.tar.destroyed) return;
    // A copy: the parser uses its buffer again.
    if (this.tar.write(Buffer.from(chunk.subarray(1)))) return;
    if (this.isPaused) return;
    this.isPaused = true;
    stream.pause();
    this.tar.once('drain', () => {
      this.isPaused = false;
      stream.resume();
    });
  }
}
