/** The load generator, a process of its own so that it shares no event loop with what it measures. */
import { drive, type LoadJob, type LoadResult } from './load/drive.ts';

export type FromLoadProcess =
  | { readonly window: 'begin' | 'end' }
  | { readonly result: LoadResult }
  | { readonly failure: string };

const tell = (message: FromLoadProcess): void => void process.send?.(message);

process.on('message', (job: LoadJob) => {
  drive(job, (window) => tell({ window })).then(
    (result) => tell({ result }),
    (error: unknown) => tell({ failure: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
