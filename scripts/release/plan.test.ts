import { expect, test } from 'vitest';
import type { Workspace } from '../workspaces.ts';
import { inOrder, type Release } from './plan.ts';

const workspace = (name: string, ...needs: string[]): Workspace => ({
  directory: `packages/${name}`,
  manifest: { name, dependencies: Object.fromEntries(needs.map((need) => [need, '^1.0.0'])) },
});
const release = (name: string, type: Release['type'] = 'minor'): Release => ({
  name,
  type,
  oldVersion: '1.0.0',
  newVersion: '1.1.0',
});

test('what others depend on comes first, what is not published not at all', () => {
  const workspaces = [workspace('app', 'layer', 'outside'), workspace('layer', 'core'), workspace('core')];
  const planned = [release('app'), release('layer'), release('core'), release('private'), release('same', 'none')];
  expect(inOrder(planned, workspaces).map(({ name }) => name)).toEqual(['core', 'layer', 'app']);
});
