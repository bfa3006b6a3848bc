/** Whether a model has this name, or one that begins so where the pattern ends in `*`. */
export function matchesModel(pattern: string, model: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : model === pattern;
}

/** Whether a key's list of models allows this one. No list allows all. */
export function allowsModel(models: readonly string[] | undefined, model: string): boolean {
  return models?.some((pattern) => matchesModel(pattern, model)) ?? true;
}
