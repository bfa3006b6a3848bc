import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Summary } from '../report/summary.ts';
import type { Job } from './job.ts';

type Reply = { readonly summary: Summary } | { readonly error: string };

/** Runs all jobs, one per core at a time, and hands on the results in the order of the jobs. */
export async function runJobs(jobs: readonly Job[], onDone: (summary: Summary) => void): Promise<readonly Summary[]> {
  const results: Summary[] = [];
  const queue = [...jobs.entries()];
  const lane = async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [index, job] = next;
        const summary = await ask(worker, job);
        results[index] = summary;
        onDone(summary);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), jobs.length) }, lane));
  return results;
}

function ask(worker: Worker, job: Job): Promise<Summary> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (reply: Reply) => {
      worker.off('error', reject);
      if ('summary' in reply) resolve(reply.summary);
      else reject(new Error(`${job.scenario}, ${job.contender}: ${reply.error}`));
    });
    worker.postMessage(job);
  });
}
