export { VirtualClock, type VirtualClockOptions } from './virtual-clock.ts';
export { seededRandom } from './random.ts';
export { scripted, type ScriptedCall, type ScriptedHandler, type ScriptStep } from './scripted-handler.ts';
export { chatCompletion, chatRequest, chatStream, failure, type FakeAnswer, type FakeStream } from './fakes.ts';
export { contract, type ContractCase, type ContractSubject } from './contract.ts';
