import type { Finding, Proof } from './proof.ts';

/** Where the page is, from the root of the repository. */
export const PAGE = 'docs/proofs.md';

/** A proof, and what came of it. */
export interface Proved {
  readonly proof: Proof;
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

const INTRODUCTION = [
  '# Proofs',
  '',
  'What is promised of virtual keys, budgets and limits, tried for real. Written by `npm run prove`: gateways in processes of their own, a',
  'simulated provider, and servers of Redis and PostgreSQL that it starts and does its worst to. A test runs all of it on a smaller scale.',
  'Nothing here depends on how fast the machine is, but for the p99 under "isolation".',
];

export function verdictOf({ holds }: Finding): string {
  if (holds === undefined) return 'not run';
  return holds ? 'holds' : 'FAILS';
}

export function renderPage(results: readonly Proved[]): string {
  return `${[...INTRODUCTION, ...results.flatMap((result) => ['', renderSection(result)])].join('\n')}\n`;
}

/** A page in which some proofs were run anew. */
export function renewPage(page: string, results: readonly Proved[]): string {
  const sections = page.split(/\n\n(?=## )/);
  for (const result of results) {
    const place = sections.findIndex((section) => section.startsWith(`${titleOf(result)}\n`));
    if (place >= 0) sections[place] = renderSection(result);
  }
  return `${sections.join('\n\n').trimEnd()}\n`;
}

function renderSection(result: Proved): string {
  const { proof, findings, seconds } = result;
  return [
    titleOf(result),
    '',
    proof.claim,
    '',
    `${proof.how} It took ${seconds.toFixed(0)} s.`,
    '',
    '| where | seen | |',
    '|---|---|---|',
    ...findings.map((finding) => `| ${finding.where} | ${finding.seen} | ${verdictOf(finding)} |`),
  ].join('\n');
}

function titleOf({ proof: { name } }: Proved): string {
  return `## ${name[0]?.toUpperCase()}${name.slice(1)}`;
}
