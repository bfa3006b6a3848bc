import { BlockList, isIP } from 'node:net';

/** How far an address leads: out into the world, into a network of one's own, or to where a cloud keeps its credentials. */
export type Reach = 'public' | 'private' | 'metadata';

/** IANA's special-purpose registries: this host, RFC 1918, carrier-grade NAT, loopback, link-local. */
const PRIVATE_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const;

/** This host, loopback, unique-local, link-local. */
const PRIVATE_V6 = [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const;

/** AWS, Google, Azure and others; the containers of AWS; Alibaba. */
const METADATA_V4 = ['169.254.169.254', '168.63.129.16', '169.254.170.2', '169.254.170.23', '100.100.100.200'] as const;
const METADATA_V6 = ['fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254'] as const;
const METADATA_NAMES: ReadonlySet<string> = new Set(['metadata.google.internal', 'metadata', 'instance-data']);

/** A v4 address as a NAT64 gateway translates it. The v6 form `::ffff:` of one is known to `BlockList` itself. */
const NAT64 = '64:ff9b::';

const metadata = new BlockList();
for (const address of METADATA_V4) {
  metadata.addAddress(address);
  metadata.addAddress(NAT64 + address, 'ipv6');
}
for (const address of METADATA_V6) metadata.addAddress(address, 'ipv6');

const own = new BlockList();
for (const [address, bits] of PRIVATE_V4) {
  own.addSubnet(address, bits);
  own.addSubnet(NAT64 + address, 96 + bits, 'ipv6');
}
for (const [address, bits] of PRIVATE_V6) own.addSubnet(address, bits, 'ipv6');

/** Of an IP address. */
export function reachOfAddress(address: string): Reach {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (metadata.check(address, family)) return 'metadata';
  return own.check(address, family) ? 'private' : 'public';
}

/**
 * Of a URL's host as it is written: a literal address, or a name that always means the same. What any other name resolves to
 * is known only when it is, so it counts as public here.
 */
export function reachOfHost(hostname: string): Reach {
  const host = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.+$/, '')
    .toLowerCase();
  if (isIP(host) !== 0) return reachOfAddress(host);
  if (METADATA_NAMES.has(host)) return 'metadata';
  return host === 'localhost' || host.endsWith('.localhost') ? 'private' : 'public';
}

/** Why a base URL may not be called, or undefined where it may. */
export function refusedURL(url: string, allowPrivateNetwork: boolean): string | undefined {
  const { hostname } = new URL(url);
  const reach = reachOfHost(hostname);
  if (reach === 'metadata') return `${hostname} is where a cloud keeps its credentials, which is never called`;
  if (reach === 'public' || allowPrivateNetwork) return undefined;
  return `${hostname} is a private address, which is called only with allowPrivateNetwork: true`;
}
