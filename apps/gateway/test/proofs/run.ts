import { needs } from '@x/test-servers';
import type { Finding, Proof, Surroundings } from './proof.ts';

/** One proof, or what it lacks here. */
export async function runProof(
  proof: Proof,
  scale: 'full' | 'short',
  surroundings: Surroundings,
): Promise<readonly Finding[]> {
  const missing = proof.needs.map((need) => needs(need)).filter((needed) => needed.missing);
  if (missing.length > 0)
    return [{ where: 'here', seen: missing.map(({ note }) => note.trim()).join(' '), holds: undefined }];
  return proof[scale](surroundings);
}
