import { parentPort } from 'node:worker_threads';
import { work, type Job } from './job.ts';

parentPort?.on('message', (job: Job) => {
  void work(job).then(
    (summary) => parentPort?.postMessage({ summary }),
    (error: unknown) => parentPort?.postMessage({ error: error instanceof Error ? error.stack : String(error) }),
  );
});
