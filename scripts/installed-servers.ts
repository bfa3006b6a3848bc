import { needs } from '../packages/test-servers/src/needs.ts';

/** Servers that tests can start here, such as `own-postgres,own-redis`. */
export function installedServers(): string {
  return (['own-postgres', 'own-redis'] as const).filter((need) => !needs(need).missing).join();
}
