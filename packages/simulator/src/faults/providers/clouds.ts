import { providerFaults } from './provider-row.ts';

const azure = (code: string, message: string, inner?: object) => ({
  error: { code, message, ...(inner && { innererror: inner }) },
});

/** Azure OpenAI. Source: the quota and troubleshooting pages of azure-ai-docs (2026-09). Called as a host that copies OpenAI. */
export const AZURE_FAULTS = providerFaults('azure', [
  {
    name: 'azure_rate_limit',
    does: 'The cap of tokens a minute of a deployment, with `retry-after-ms`.',
    kind: 'rate_limited',
    hintMs: 2_750,
    status: 429,
    headers: { 'retry-after-ms': '2750', 'retry-after': '3' },
    body: azure('429', 'Requests to the ChatCompletions_Create Operation have been limited. Rate limit is exceeded.'),
  },
  {
    name: 'azure_capacity',
    does: 'No capacity, as a 429.',
    kind: 'overloaded',
    status: 429,
    body: azure('429', 'System is experiencing high demand and is temporarily unable to process your request.'),
  },
  {
    name: 'azure_content_filter',
    does: 'A prompt that is refused for its content.',
    kind: 'content_filter',
    status: 400,
    body: azure('content_filter', 'The response was filtered.', { code: 'ResponsibleAIPolicyViolation' }),
  },
  {
    name: 'azure_blocked',
    does: 'A resource that is blocked for abuse.',
    kind: 'permission',
    status: 403,
    body: azure('403', 'This resource has been temporarily blocked.'),
  },
  {
    name: 'azure_deployment_not_found',
    does: 'A deployment that does not exist.',
    kind: 'model_not_found',
    status: 404,
    body: azure('DeploymentNotFound', 'The API deployment for this resource does not exist.'),
  },
]);

const coral = (name: string) => ({
  'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
});

/** AWS Bedrock, on its OpenAI-compatible surface. Source: the error classes of its client (3.1164.0). */
export const BEDROCK_FAULTS = providerFaults('bedrock', [
  {
    name: 'bedrock_throttling',
    does: 'The cap of requests or tokens a minute, without a hint.',
    kind: 'rate_limited',
    status: 429,
    headers: coral('ThrottlingException'),
    body: { message: 'Too many requests, please wait before trying again.' },
  },
  {
    name: 'bedrock_tokens_per_day',
    does: 'The cap of tokens a day.',
    kind: 'quota_exhausted',
    status: 429,
    headers: coral('ThrottlingException'),
    body: { message: 'Too many tokens per day, please wait before trying again.' },
  },
  {
    name: 'bedrock_unavailable',
    does: 'No capacity.',
    kind: 'overloaded',
    status: 503,
    headers: coral('ServiceUnavailableException'),
    body: { message: 'Bedrock is unable to process your request.' },
  },
  {
    name: 'bedrock_model_timeout',
    does: 'A model that took too long: a 408.',
    kind: 'timeout',
    status: 408,
    headers: coral('ModelTimeoutException'),
    body: { message: 'Model has timed out in processing the request.' },
  },
  {
    name: 'bedrock_model_error',
    does: 'A model that failed: a 424.',
    kind: 'server_error',
    status: 424,
    headers: coral('ModelErrorException'),
    body: { message: 'The system encountered an unexpected error during processing.', originalStatusCode: 500 },
  },
  {
    name: 'bedrock_internal',
    does: 'A 500.',
    kind: 'server_error',
    status: 500,
    headers: coral('InternalServerException'),
    body: { message: 'The system encountered an unexpected error during processing.' },
  },
  {
    name: 'bedrock_too_long',
    does: 'A prompt too long for the model.',
    kind: 'context_length',
    status: 400,
    headers: coral('ValidationException'),
    body: { message: 'Input is too long for requested model.' },
  },
  {
    name: 'bedrock_access_denied',
    does: 'A model that the account has not been granted.',
    kind: 'permission',
    status: 403,
    headers: coral('AccessDeniedException'),
    body: { message: "You don't have access to the model with the specified model ID." },
  },
  {
    name: 'bedrock_model_not_found',
    does: 'A model that does not exist.',
    kind: 'model_not_found',
    status: 404,
    headers: coral('ResourceNotFoundException'),
    body: { message: 'Could not resolve the foundation model from the model identifier.' },
  },
]);
