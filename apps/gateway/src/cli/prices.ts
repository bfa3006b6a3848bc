import { rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseSnapshot, SNAPSHOT_URL } from '@x/catalog';
import { UsageError } from './options.ts';

/** The published data is some 2 MB. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Milliseconds for all of it. */
const TIMEOUT_MS = 60_000;

export interface PricesOptions {
  /** File to write. */
  readonly out: string;
  /** @default where the data is published */
  readonly from?: string | undefined;
}

/**
 * Fetches the newest prices, checks them and writes them to a file, for `catalog.file` of a configuration. Nothing else ever fetches
 * them. A file that is there stays as it is when anything goes wrong.
 * @throws UsageError that says what did
 */
export async function fetchPrices({ out, from = SNAPSHOT_URL }: PricesOptions): Promise<string> {
  const text = await download(from);
  try {
    parseSnapshot(text);
  } catch (cause) {
    throw new UsageError(`what is at ${from} cannot be used: ${(cause as Error).message}`, { cause });
  }
  const file = resolve(out);
  const written = `${file}.new`;
  try {
    await writeFile(written, text);
    await rename(written, file);
  } catch (cause) {
    throw new UsageError(`${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
  return `${file} holds the prices of ${from}: name it in the configuration as catalog.file`;
}

async function download(url: string): Promise<string> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    text = await response.text();
  } catch (thrown) {
    const { message, cause } = thrown as Error;
    throw new UsageError(`${url} cannot be read: ${cause instanceof Error ? cause.message : message}`, {
      cause: thrown,
    });
  }
  if (!response.ok) throw new UsageError(`${url} cannot be read: it answers with ${response.status}`);
  if (text.length > MOST_BYTES) throw new UsageError(`what is at ${url} is too large to be prices`);
  return text;
}
