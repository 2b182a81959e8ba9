/**
 * Absolute paths of folders, by the rules of the system they are of, whatever system this is: a Windows
 * path has a drive or a share in front, takes either slash, and means the same in any case.
 */

const drive = /^[A-Za-z]:[\\/]/
const share = /^[\\/]{2}[^\\/]+[\\/]+[^\\/]+/

export const isWindows = (path: string): boolean => drive.test(path) || share.test(path)

export const isAbsolute = (path: string): boolean => path.startsWith('/') || isWindows(path)

/** What nothing lies above, with a slash behind, and the names below it. */
interface Parts {
  readonly root: string
  readonly names: ReadonlyArray<string>
}

/** Of an absolute path. A `..` at the root leads nowhere. */
const partsOf = (path: string): Parts => {
  if (!isWindows(path)) return { root: '/', names: plain(path.split('/')) }
  const slashed = path.replaceAll('\\', '/')
  const [first = '', second = '', ...below] = slashed.split('/').filter((name) => name !== '')
  return drive.test(path)
    ? { root: `${first}/`, names: plain([second, ...below]) }
    : { root: `//${first}/${second}/`, names: plain(below) }
}

const plain = (names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const left: Array<string> = []
  for (const name of names) {
    if (name === '..') left.pop()
    else if (name !== '' && name !== '.') left.push(name)
  }
  return left
}

const pathOf = ({ root, names }: Parts): string => `${root}${names.join('/')}`

/** With forward slashes, and no detours. */
export const normal = (path: string): string => pathOf(partsOf(path))

/** What two spellings of one path have in common. */
export const identity = (path: string): string =>
  isWindows(path) ? normal(path).toLowerCase() : normal(path)

export const isSame = (one: string, other: string): boolean => identity(one) === identity(other)

/** Itself where nothing lies above it. */
export const parentOf = (path: string): string => {
  const { root, names } = partsOf(path)
  return pathOf({ root, names: names.slice(0, -1) })
}

/** Empty for what nothing lies above. */
export const nameOf = (path: string): string => partsOf(path).names.at(-1) ?? ''

/** Whether the path lies somewhere below the folder. */
export const isBelow =
  (folder: string) =>
  (path: string): boolean => {
    const above = identity(folder)
    return identity(path).startsWith(above.endsWith('/') ? above : `${above}/`)
  }

/** The path itself and the folders it lies in, the nearest first, and no more than that many. */
export const upward = (path: string, countMax: number): ReadonlyArray<string> => {
  const { root, names } = partsOf(path)
  return Array.from({ length: Math.min(names.length + 1, countMax) }, (_, above) =>
    pathOf({ root, names: names.slice(0, names.length - above) }),
  )
}

/** What a path written in a folder means. */
export const resolve = (folder: string, path: string): string => {
  if (isWindows(path)) return normal(path)
  if (!isWindows(folder)) return normal(path.startsWith('/') ? path : `${folder}/${path}`)
  const { root } = partsOf(folder)
  return normal(/^[\\/]/.test(path) ? `${root}${path}` : `${folder}/${path}`)
}
