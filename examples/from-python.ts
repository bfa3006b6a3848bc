// Running against the gateway from Python: starts one in front of a simulator whose OpenAI is out of money, and runs from-python.py.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { configFromObject } from '@x/config';
import { createGateway } from '@x/gateway';
import { createSimulator } from '@x/simulator';

const simulator = createSimulator({
  providers: { openai: {}, anthropic: {} },
  faults: [{ name: 'insufficient_quota', when: { provider: 'openai' } }],
});
const providers = await simulator.listen({ port: 0 });
const key = { keys: [{ value: 'sk' }], allowPrivateNetwork: true };
const config = configFromObject({
  log: { level: 'silent' },
  providers: {
    openai: { baseURL: `${providers.url}/openai/v1`, ...key },
    anthropic: { baseURL: `${providers.url}/anthropic/v1`, ...key },
  },
});
const gateway = createGateway(config);
const port = await gateway.listen(0, '127.0.0.1');

const script = fileURLToPath(new URL('from-python.py', import.meta.url));
const env = { ...process.env, GATEWAY_URL: `http://127.0.0.1:${port}` };
try {
  const { stdout } = await promisify(execFile)('python3', [script], { env });
  process.stdout.write(stdout);
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  console.log('skipped: there is no python3 on this machine');
} finally {
  await gateway.close();
  await providers.close();
}
