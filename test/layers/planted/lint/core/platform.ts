import { sep } from 'node:path' // want house/no-platform
export { join } from 'node:path' // want house/no-platform

export const parts = (path: string): ReadonlyArray<string> => path.split(sep)
