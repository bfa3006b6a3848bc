import { execFile, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findBinary } from './find-binary.ts';
import { onFreePort } from './free-port.ts';
import { serverUrl } from './needs.ts';
import { end, launch, type OwnServer } from './own-server.ts';

export interface PostgresServer extends OwnServer {
  /** `postgres://postgres@127.0.0.1:PORT/postgres`, or what `DATABASE_URL` says. */
  readonly url: string;
}

export interface StartPostgresOptions {
  /** Starts one even where `DATABASE_URL` names another. @default false */
  readonly own?: boolean;
  /** Whether a commit waits for the disk, as in production. Off is faster, and loses nothing but with the machine. @default false */
  readonly fsync?: boolean;
  /** More settings, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
}

const run = promisify(execFile);

/** A PostgreSQL. The one of `DATABASE_URL` is left as it is by everything but `url`. */
export async function startPostgres(options: StartPostgresOptions = {}): Promise<PostgresServer> {
  const shared = serverUrl('DATABASE_URL');
  if (shared !== undefined && options.own !== true) return sharedPostgres(shared);

  const [initdb, path] = [findBinary('initdb'), findBinary('postgres')];
  if (initdb === undefined || path === undefined) throw new Error('PostgreSQL is not installed');
  const user = unprivilegedUser();
  const folder = await mkdtemp(join(tmpdir(), 'x-postgres-'));
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  await run(initdb, ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {
    ...user,
    cwd: folder,
  });
  const programOn = (port: number) => {
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: '',
      fsync: options.fsync === true ? 'on' : 'off',
      ...options.settings,
    };
    return {
      path,
      args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      ready: /database system is ready to accept connections/,
      onParentEnd: 'QUIT',
      user,
    } as const;
  };
  let [port, child] = await onFreePort(async (free) => [free, await launch(programOn(free))] as const);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    pause: () => signalAll(child, 'SIGSTOP'),
    resume: () => signalAll(child, 'SIGCONT'),
    kill: () => end(child, 'SIGKILL'),
    async restart() {
      await end(child, 'SIGINT');
      child = await launch(programOn(port));
    },
    async stop() {
      await end(child, 'SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The server and those of its processes that serve connections: each of them goes on by itself. */
function signalAll({ pid }: ChildProcess, signal: 'SIGSTOP' | 'SIGCONT'): void {
  if (pid === undefined) return;
  process.kill(pid, signal);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  for (const child of children.split(' ').filter((text) => text !== '')) process.kill(Number(child), signal);
}

/** PostgreSQL refuses to run as root: the user that Debian makes for it then, or `nobody`. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = ['postgres', 'nobody'].map((name) => users.find((fields) => fields[0] === name)).find(Boolean);
  if (user === undefined)
    throw new Error('PostgreSQL does not run as root, and there is no user `postgres` or `nobody`');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

function sharedPostgres(url: string): PostgresServer {
  const refuse = () => {
    throw new Error('the PostgreSQL of DATABASE_URL is not ours to stop: ask for an `own` one');
  };
  return { url, pause: refuse, resume: refuse, kill: refuse, restart: refuse, stop: () => Promise.resolve() };
}
