import { crc32 } from 'node:zlib';

/** One frame of AWS's event stream: lengths, their checksum, headers of strings, the payload, and a checksum of it all. */
export function awsFrame(headers: Readonly<Record<string, string>>, payload: string): Uint8Array {
  const parts: Buffer[] = [];
  for (const [name, value] of Object.entries(headers)) {
    const size = Buffer.alloc(3);
    size.writeUInt8(7, 0);
    size.writeUInt16BE(Buffer.byteLength(value), 1);
    parts.push(Buffer.of(Buffer.byteLength(name)), Buffer.from(name), size, Buffer.from(value));
  }
  const head = Buffer.concat(parts);
  const body = Buffer.from(payload);
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + head.length + body.length, 0);
  prelude.writeUInt32BE(head.length, 4);
  const framed = Buffer.concat([prelude, checksum(prelude), head, body]);
  return Buffer.concat([framed, checksum(framed)]);
}

function checksum(bytes: Uint8Array): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes), 0);
  return sum;
}
