// npm run new:layer NAME, npm run new:provider NAME [-- --base-url URL --env VARIABLE]
import { parseArgs } from 'node:util';
import { ROOT } from '../workspaces.ts';
import { newLayer } from './layer.ts';
import { newProvider } from './provider.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { 'base-url': { type: 'string' }, env: { type: 'string' } },
});
const [what, name] = positionals;
try {
  const left =
    what === 'layer'
      ? newLayer(name, ROOT)
      : newProvider(name, ROOT, { baseURL: values['base-url'], keyEnv: values.env });
  process.stdout.write(`${left.join('\n')}\n`);
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
