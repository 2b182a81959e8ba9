/**
 * Where the package of a plugin lies that OpenCode's configuration names: by the name of a package,
 * which is in its cache, or by a path (plugin-host.md, section 2).
 */
import * as O from 'fp-ts/Option'
import { cacheFolder, type Places } from './opencode'

/** The folders one of which is the package's; `configPath` is of the file that names it. */
export const foldersOf = (
  places: Places,
  configPath: string,
  spec: string,
): ReadonlyArray<string> => {
  const path = pathOf(configPath, spec)
  if (O.isNone(path)) {
    const [name, version] = parted(spec)
    return [`${cacheFolder(places)}/packages/${name}@${version}/node_modules/${name}`]
  }
  // An entry stands in the package's folder, or in one of its folders.
  const parts = path.value.split('/')
  return [0, 1, 2].map((above) => parts.slice(0, parts.length - above).join('/'))
}

const pathOf = (configPath: string, spec: string): O.Option<string> => {
  if (spec.startsWith('file://')) {
    const path = spec.slice('file://'.length)
    return O.some(O.getOrElse(() => path)(O.tryCatch(() => decodeURIComponent(path))))
  }
  if (spec.startsWith('.')) return O.some(`${configPath.replace(/[^/]*$/, '')}${spec}`)
  return /^(?:\/|[a-z]:[\\/])/i.test(spec) ? O.some(spec.replaceAll('\\', '/')) : O.none
}

/** A name may begin with an `@` of its own. */
const parted = (spec: string): readonly [name: string, version: string] => {
  const at = spec.lastIndexOf('@')
  return at > 0 ? [spec.slice(0, at), spec.slice(at + 1)] : [spec, 'latest']
}
