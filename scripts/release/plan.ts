import { closureOf } from '../published.ts';
import type { Workspace } from '../workspaces.ts';

/** One package that changesets would publish. */
export interface Release {
  readonly name: string;
  readonly type: 'major' | 'minor' | 'patch' | 'none';
  readonly oldVersion: string;
  readonly newVersion: string;
}

/** Each after what it depends on, so that at no moment a package is there whose dependencies are not. */
export function inOrder(releases: readonly Release[], workspaces: readonly Workspace[]): Release[] {
  const position = new Map<string, number>();
  for (const workspace of workspaces) visit(workspace);
  return releases
    .filter(({ type, name }) => type !== 'none' && position.has(name))
    .toSorted((a, b) => (position.get(a.name) ?? 0) - (position.get(b.name) ?? 0));

  function visit(workspace: Workspace): void {
    if (position.has(workspace.manifest.name)) return;
    for (const needed of closureOf(workspace, workspaces)) if (needed !== workspace) visit(needed);
    position.set(workspace.manifest.name, position.size);
  }
}
