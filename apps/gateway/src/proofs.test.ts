import { afterAll, describe, expect, test, vi } from 'vitest';
import { needs } from '@x/test-servers';
import { PROOFS } from '../test/proofs/all.ts';
import { renderPage, renewPage, verdictOf } from '../test/proofs/page.ts';
import { Stores } from '../test/proofs/site/stores.ts';

/** Real servers and processes, on a machine that is busy with other tests. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

// The whole of it is `npm run prove`.
describe('what governance promises, on a small scale', () => {
  const stores = new Stores();
  afterAll(() => stores.close());

  for (const proof of PROOFS) {
    const note = proof.needs.map((need) => needs(need).note).join('');
    test.skipIf(note !== '')(`${proof.name}${note}`, async () => {
      const findings = await proof.short({ stores });
      expect(findings.length).toBeGreaterThan(0);
      expect(findings.filter(({ holds }) => holds === false)).toEqual([]);
    });
  }

  test('a report says of each finding whether the claim holds', () => {
    const [proof] = PROOFS;
    if (proof === undefined) throw new Error('there are proofs');
    const findings = [true, false, undefined].map((holds) => ({ where: 'here', seen: 'this', holds }));
    expect(findings.map(verdictOf)).toEqual(['holds', 'FAILS', 'not run']);
    const page = renderPage([{ proof, findings, seconds: 1 }]);
    expect(page).toContain('| here | this | FAILS |');
    const renewed = { proof, findings: findings.slice(0, 1), seconds: 2 };
    expect(renewPage(page, [renewed])).toBe(renderPage([renewed]));
  });
});
