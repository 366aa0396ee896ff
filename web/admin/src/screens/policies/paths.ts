/** Paths are the alternatives of a policy: each a list of requirements that must all be met. */
export type Paths = string[][]

/** ask adds a requirement to the end of a path. */
export function ask(paths: Paths, path: number, requirement: string): Paths {
  return paths.map((p, i) => (i === path && !p.includes(requirement) ? [...p, requirement] : p))
}

/** drop takes a requirement off a path. */
export function drop(paths: Paths, path: number, requirement: string): Paths {
  return paths.map((p, i) => (i === path ? p.filter((r) => r !== requirement) : p))
}

/** move changes places with the path before (-1) or behind (1). */
export function move(paths: Paths, path: number, by: -1 | 1): Paths {
  const moved = paths[path]
  if (!moved || path + by < 0 || path + by >= paths.length) return paths
  return paths.toSpliced(path, 1).toSpliced(path + by, 0, moved)
}
