import { createServer, type AddressInfo } from 'node:net';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface DevArguments {
  /** For `x-gateway start`. */
  readonly args: readonly string[];
  /** The configuration, and the folder that it is in: editors replace a file, and a watch of it would end. */
  readonly config: { readonly file: string; readonly folder: string } | undefined;
}

/** Any port is settled here, so that it is the same after each start. */
export async function readArguments(given: readonly string[]): Promise<DevArguments> {
  const { values } = parseArgs({
    args: [...given],
    options: { config: { type: 'string' }, port: { type: 'string' }, host: { type: 'string' } },
  });
  const file = values.config === undefined ? undefined : resolve(values.config);
  const port = values.port === '0' ? String(await freePort()) : values.port;
  const options = { config: file, port, host: values.host };
  return {
    args: Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    config: file === undefined ? undefined : { file, folder: dirname(file) },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
