import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { LLMock } from '@copilotkit/aimock';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { configFromObject, type ConfigInput } from '@x/config';
import { createGateway } from '@x/gateway';
import { createSimulator, type SimulatorConfig } from '@x/simulator';
import OpenAI from 'openai';
import { onTestFinished } from 'vitest';

export const MODEL = 'anthropic.claude-3-haiku-20240307-v1:0';

/** A gateway on a free port, and AWS's and OpenAI's own clients for it. Nothing of it is left after the test. */
export async function gatewayFor(providers: ConfigInput['providers'], chains: ConfigInput['chains'] = {}) {
  const gateway = createGateway(configFromObject({ log: { level: 'silent' }, providers, chains }, {}));
  const url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}`;
  const aws = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: `${url}/bedrock`,
    credentials: { accessKeyId: 'AKIATHECALLERSOWN123', secretAccessKey: 'secret' },
    // The client speaks HTTP/2 by itself, which needs TLS.
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  });
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'the-callers-own', maxRetries: 0 });
  onTestFinished(async () => {
    aws.destroy();
    await gateway.close();
  });
  return { url, aws, openai };
}

/** A provider of the gateway at a local address. */
export function bedrockAt(baseURL: string, key = 'bedrock-api-key-1') {
  return { type: 'bedrock', region: 'us-east-1', baseURL, allowPrivateNetwork: true, keys: [{ value: key }] };
}

export async function simulated(config: SimulatorConfig) {
  const simulator = createSimulator(config);
  const { url, close } = await simulator.listen();
  onTestFinished(() => close());
  return { simulator, url };
}

/** The independent mock. */
export async function mocked(): Promise<LLMock> {
  const mock = new LLMock({ port: 0 });
  await mock.start();
  onTestFinished(() => mock.stop());
  return mock;
}
