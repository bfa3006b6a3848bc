import { parseTarget, type Target } from '@x/core';
import { expect, test } from 'vitest';
import { RescuePlan, type Rescue } from './rescue-plan.ts';

const t = (text: string): Target => parseTarget(text, 'target');
const names = (rescue: Rescue | undefined) =>
  rescue && `${rescue.mode} ${rescue.chain.map(({ provider, model }) => `${provider}/${model}`).join(' ')}`;

function plan(chain: readonly string[], { prefill = [] as readonly string[], maxRescues = 10 } = {}): RescuePlan {
  return new RescuePlan({
    chain: chain.map(t),
    maxRescues,
    prefill: ({ provider }) => prefill.includes(provider),
  });
}

test('whoever broke comes last', () => {
  const state = plan(['a/x', 'b/y', 'c/z']);
  state.broke(t('b/y'));
  expect(names(state.next(true))).toBe('replay a/x c/z b/y');
  state.broke(t('a/x'));
  expect(names(state.next(true))).toBe('replay c/z b/y a/x');
});

test('one that goes on is asked before any replay, and only for what can be gone on from', () => {
  const state = plan(['a/x', 'b/y'], { prefill: ['b'] });
  state.broke(t('a/x'));
  expect(names(state.next(true))).toBe('continue b/y');
  expect(names(state.next(false))).toBe('replay b/y a/x');
});

test('a replay goes to the same model elsewhere first', () => {
  const state = plan(['openai/gpt-4o', 'anthropic/claude', 'azure/gpt-4o']);
  state.broke(t('openai/gpt-4o'));
  expect(names(state.next(true))).toBe('replay azure/gpt-4o anthropic/claude openai/gpt-4o');
});

test('a refused prefill costs no rescue, once for each target', () => {
  const state = plan(['a/x', 'b/y', 'c/z'], { prefill: ['b', 'c'], maxRescues: 1 });
  state.broke(t('a/x'));
  expect(names(state.next(true))).toBe('continue b/y c/z');
  state.refused(t('b/y'));
  expect(names(state.next(true))).toBe('continue c/z');
  state.refused(t('c/z'));
  state.refused(t('c/z'));
  expect(names(state.next(true))).toBe('replay b/y c/z a/x');
  expect(state.next(true)).toBeUndefined();
});

test('what failed is not tried again', () => {
  const state = plan(['a/x', 'b/y'], { prefill: ['b'] });
  state.broke(t('a/x'));
  state.failed(state.next(true) as Rescue);
  const replay = state.next(true) as Rescue;
  expect(names(replay)).toBe('replay b/y a/x');
  state.differs(t('b/y'));
  expect(names(state.next(true))).toBe('replay a/x');
  state.differs(t('a/x'));
  expect(state.next(true)).toBeUndefined();
});
