/** Of a package whose surface differs from what it was, and of the changesets that have been added since. */
export interface Changes {
  /** Paths relative to the root. */
  readonly files: readonly string[];
  /** Texts of changesets that are new or were rewritten. */
  readonly changesets: readonly string[];
}

const REPORT = /^((?:packages|apps)\/[\w-]+)\/api\/[\w-]+\.md$/;

/** Packages whose surface has changed and that no new changeset names. `nameOf` knows the package in a folder, if there is one. */
export function unannounced(changes: Changes, nameOf: (directory: string) => string | undefined): string[] {
  const folders = new Set(changes.files.map((file) => REPORT.exec(file)?.[1]).filter((folder) => folder !== undefined));
  const announced = new Set(changes.changesets.flatMap(namesIn));
  return [...folders]
    .map(nameOf)
    .filter((name) => name !== undefined)
    .filter((name) => !announced.has(name))
    .toSorted();
}

/** What stands between the lines of dashes: `'@x/core': minor`. */
function namesIn(changeset: string): string[] {
  const head = /^---\n(.*?)^---$/ms.exec(changeset)?.[1] ?? '';
  return [...head.matchAll(/^['"]?(@[\w-]+\/[\w-]+)['"]?:/gm)].map(([, name = '']) => name);
}
