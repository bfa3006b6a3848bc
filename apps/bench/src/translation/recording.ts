import { createContext, JsonBody } from '@x/core';
import { codec, DEFAULT_QUIRKS, TranslationNotes } from '@x/providers';
import { createSimulator } from '@x/simulator';
import { CONVERSATION } from './conversation.ts';
import type { Speaker } from './dialects.ts';

/** What travels in one dialect, as bytes. */
export interface Recording {
  readonly speaker: Speaker;
  readonly request: Uint8Array;
  readonly answer: Uint8Array;
  /** One event each, as a network delivers them at 50 a second. */
  readonly events: readonly Uint8Array[];
}

/** Tokens of an answer: enough that beginning and end do not count. */
const TOKENS = 500;

/** The conversation as a caller sends it, and what a simulated provider answers to it. */
export async function record(speaker: Speaker): Promise<Recording> {
  const { dialect, model } = speaker;
  const notes = new TranslationNotes();
  const body = codec(dialect).encodeRequest(CONVERSATION, { model, quirks: DEFAULT_QUIRKS, notes });
  const answer = await ask(speaker, body);
  return {
    speaker,
    request: JsonBody.of(body).bytes,
    answer: Buffer.concat(answer),
    events: eventsIn(Buffer.concat(await ask(speaker, { ...body, stream: true })), dialect === 'bedrock.converse'),
  };
}

async function ask({ provider, path }: Speaker, body: object): Promise<Uint8Array[]> {
  const stream = 'stream' in body;
  const simulator = createSimulator({
    providers: {
      [provider]: { outputTokens: TOKENS, toolCalls: { probability: 0 }, latency: { tokensPerSecond: 5_000 } },
    },
  });
  const { body: answer, status } = await simulator.transport(
    {
      method: 'POST',
      url: `http://simulator/${provider}${path(stream)}`,
      headers: {
        authorization: 'Bearer k',
        'x-api-key': 'k',
        'x-goog-api-key': 'k',
        'anthropic-version': '2023-06-01',
      },
      body: JSON.stringify(body),
    },
    createContext(),
  );
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  if (status !== 200) throw new Error(`${provider}: ${status} ${Buffer.concat(chunks).toString()}`);
  return chunks;
}

/** A frame says in its first four bytes how long it is; an event of text ends in an empty line. */
function eventsIn(bytes: Buffer, frames: boolean): Buffer[] {
  const events: Buffer[] = [];
  for (let at = 0, end = 0; at < bytes.length; at = end) {
    end = frames ? at + bytes.readUInt32BE(at) : bytes.indexOf('\n\n', at) + 2;
    events.push(bytes.subarray(at, end));
  }
  return events;
}
