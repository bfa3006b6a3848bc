// npm start [-- ARGUMENT...]: builds the gateway if its sources changed, then runs it in this process. The npm script says
// `exec`, because a shell in between would die of npm's SIGTERM alone and leave the gateway running.
import { fileURLToPath } from 'node:url';
import { turbo } from './turbo.ts';

const cli = new URL('../apps/gateway/dist/cli.js', import.meta.url);
const status = turbo(['build', '--filter=@x/gateway'], { quiet: true });
if (status === 0) {
  process.argv = [process.execPath, fileURLToPath(cli), 'start', ...process.argv.slice(2)];
  await import(cli.href);
} else {
  process.exitCode = status;
}
