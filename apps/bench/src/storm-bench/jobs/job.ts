import { CONTENDERS } from '../contenders/index.ts';
import { check, summarize, type Summary } from '../report/summary.ts';
import { run } from '../run/run.ts';
import { SCENARIOS } from '../scenarios/index.ts';

/** One run, by names, so that it can be sent to a worker. */
export interface Job {
  readonly scenario: string;
  readonly contender: string;
  readonly seed: number;
  readonly networkMs: number;
}

export async function work(job: Job): Promise<Summary> {
  const scenario = SCENARIOS.find(({ name }) => name === job.scenario);
  const contender = CONTENDERS.find(({ name }) => name === job.contender);
  if (scenario === undefined || contender === undefined) throw new Error(`no such job: ${JSON.stringify(job)}`);
  const { seed, networkMs } = job;
  const record = await run(scenario, { contender, seed, networkMs });
  if (contender !== CONTENDERS[0]) return summarize(scenario, record, []);
  const streams = scenario.compareWith;
  const comparison = streams === undefined ? undefined : await run(scenario, { contender, seed, networkMs, streams });
  return summarize(scenario, record, check(scenario, record, comparison));
}
