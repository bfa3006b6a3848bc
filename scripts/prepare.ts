// Runs at the end of `npm ci`, so that the command lines of the workspaces work at once. A failed build does not fail the
// installation: `npm test` builds again and reports it.
import { turbo } from './turbo.ts';

if (turbo(['build', '--output-logs=errors-only'], { quiet: true }) !== 0) {
  process.stderr.write('The build failed; the dependencies are installed. See `npm run build`.\n');
}
