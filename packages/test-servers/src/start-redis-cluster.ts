import { once } from 'node:events';
import { connect } from 'node:net';
import { systemClock } from '@x/core';
import { onFreePort } from './free-port.ts';
import { startRedis, type RedisServer } from './start-redis.ts';

interface ClusterNode extends RedisServer {
  readonly busPort: number;
}

export interface RedisCluster {
  readonly nodes: readonly RedisServer[];
  stop(): Promise<void>;
}

/** How many hash slots a cluster has. https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/ */
const SLOTS = 16_384;

const POLL_MS = 50;
/** Nodes gossip once a second; a busy machine takes a few rounds. */
const POLLS = 400;

/** A cluster of masters that share all slots evenly. Resolves when every node knows of all of them. */
export async function startRedisCluster(options: { readonly nodes: number }): Promise<RedisCluster> {
  const starting = Array.from({ length: options.nodes }, startNode);
  const nodes = await Promise.all(starting);
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  try {
    for (const [index, node] of nodes.entries()) {
      const first = Math.floor((index * SLOTS) / nodes.length);
      const last = Math.floor(((index + 1) * SLOTS) / nodes.length) - 1;
      await command(node, `CLUSTER ADDSLOTSRANGE ${first} ${last}`);
      await command(node, `CLUSTER SET-CONFIG-EPOCH ${index + 1}`);
      for (const other of nodes.slice(0, index))
        await command(node, `CLUSTER MEET ${other.host} ${other.port} ${other.busPort}`);
    }
    for (const node of nodes) await untilComplete(node, nodes.length);
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, stop };
}

/** With a bus on a port of its own: by default it is 10,000 higher, where there may be none. */
function startNode(): Promise<ClusterNode> {
  return onFreePort(async (busPort) => {
    const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000', '--cluster-port', String(busPort)];
    return { ...(await startRedis({ own: true, args })), busPort };
  });
}

async function untilComplete(node: RedisServer, size: number): Promise<void> {
  for (let poll = 0; poll < POLLS; poll += 1) {
    const info = await command(node, 'CLUSTER INFO');
    if (info.includes('cluster_state:ok') && info.includes(`cluster_size:${size}`)) return;
    await systemClock.sleep(POLL_MS);
  }
  throw new Error(`the cluster of ${size} nodes did not come together`);
}

/** One inline command. What comes back is raw, and whole for the short answers that are asked for here. */
async function command(node: RedisServer, line: string): Promise<string> {
  const socket = connect(node.port, node.host).setEncoding('utf8');
  try {
    socket.write(`${line}\r\n`);
    const [answer] = (await once(socket, 'data')) as [string];
    if (answer.startsWith('-')) throw new Error(`${line}: ${answer}`);
    return answer;
  } finally {
    socket.destroy();
  }
}
