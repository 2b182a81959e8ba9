/**
 * Programs that some tests need and not every machine has.
 *
 * Where one is missing the test is skipped, and counted as skipped. In CI it is a failure: there
 * `.ci/run` installs them, and a skip would hide that it no longer does.
 */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export const isOnPath = (name: string): boolean =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .some((folder) => isExecutable(join(folder, name)))

/** `it` where all these programs are on PATH, `it.skip` where one is not. */
export const tool = (...names: ReadonlyArray<string>): jest.It => {
  const missing = names.filter((name) => !isOnPath(name))
  if (missing.length === 0) return it
  if (process.env['CI'] === 'true') throw new Error(`Not on PATH: ${missing.join(', ')}`)
  return it.skip
}
