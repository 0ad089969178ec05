import type { Jobs } from '@hongmi/server/jobs/run-jobs';

export * from '@hongmi/server/jobs/run-jobs';

/** No jobs: what happens to run once a minute would be counted as the cost of a command. */
export async function runJobs(): Promise<Jobs> {
  return { stop: async () => undefined };
}
