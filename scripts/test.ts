// npm test: type check, lint, tests and package checks of every workspace. The last lines say what was not run and why, and the
// very last one is the sum of all test results: `Tests: 12 passed, 0 failed, 1 skipped`. Fails if anything failed, and also if no
// test ran.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installedServers } from './installed-servers.ts';
import { describeNotRun, notRun } from './not-run.ts';
import { registry } from './stand-alone/registry.ts';
import { turbo } from './turbo.ts';
import { listWorkspaces, ROOT } from './workspaces.ts';

interface Report {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const TASKS = [
  'build',
  'typecheck',
  'typecheck:root',
  'lint',
  'lint:root',
  'format:check',
  'docs:check',
  'test',
  'test:scripts',
  'check:package',
  'test:install',
  'check:unused',
];

const reports = ['.', ...listWorkspaces().map(({ directory }) => directory)].flatMap((directory) =>
  ['vitest.json', 'install.json'].map((name) => join(ROOT, directory, '.results', name)),
);
for (const report of reports) {
  rmSync(report, { force: true });
}

// Part of the cache's key: results without a server or the registry must not stand for those with one.
process.env['INSTALLED_SERVERS'] = installedServers();
process.env['X_REGISTRY'] = registry();
const status = turbo([...TASKS, '--continue=always', ...process.argv.slice(2)]);
const counts = { passed: 0, failed: 0, skipped: 0 };
const reasons: string[] = [];
for (const report of reports.filter((path) => existsSync(path))) {
  count(JSON.parse(readFileSync(report, 'utf8')) as Report);
}

for (const line of describeNotRun(reasons)) {
  process.stdout.write(`${line}\n`);
}
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
process.stdout.write(`Tests: ${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
process.exitCode = status || (counts.failed > 0 || counts.passed === 0 ? 1 : 0);

function count(report: Report): void {
  for (const file of report.testResults) {
    const statuses = file.assertionResults.map((test) => test.status);
    const failed = statuses.filter((value) => value === 'failed').length;
    const passed = statuses.filter((value) => value === 'passed').length;
    // A file that cannot be loaded, or whose hooks fail, has no failed test of its own.
    counts.failed += failed === 0 && file.status === 'failed' ? 1 : failed;
    counts.passed += passed;
    counts.skipped += statuses.length - failed - passed;
    reasons.push(...file.assertionResults.filter(({ status }) => status !== 'passed').flatMap(notRun));
  }
}
