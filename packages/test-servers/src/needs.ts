import { findBinary } from './find-binary.ts';

/** What a suite runs against. An `own` server is one that it may pause, kill and empty. */
export type Need = 'redis' | 'own-redis' | 'postgres' | 'own-postgres';

export interface Needed {
  readonly missing: boolean;
  /** What goes behind the suite's name. `npm test` reads it out of the results: see scripts/not-run.ts. */
  readonly note: string;
}

const PROGRAMS = {
  redis: { name: 'Redis', url: 'REDIS_URL', program: 'redis-server' },
  postgres: { name: 'PostgreSQL', url: 'DATABASE_URL', program: 'postgres' },
} as const;

export function needs(need: Need): Needed {
  const own = need.startsWith('own-');
  const { name, url, program } = PROGRAMS[need.replace('own-', '') as keyof typeof PROGRAMS];
  if (findBinary(program) !== undefined || (!own && serverUrl(url) !== undefined)) return { missing: false, note: '' };

  const reason = own
    ? `no ${program} is installed that a test could start and kill`
    : `no ${program} is installed, and ${url} is not set`;
  return { missing: true, note: ` [not run: ${name}: ${reason}]` };
}

/** The value of an environment variable, if it says anything. */
export function serverUrl(name: 'REDIS_URL' | 'DATABASE_URL'): string | undefined {
  const url = process.env[name]?.trim();
  return url === '' ? undefined : url;
}
