/** The settings as they are now: the environment, and the files that may hold them. */
import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync } from 'neverthrow'
import type { Settings } from '../../core/settings/catalogue'
import * as Resolution from '../../core/settings/resolution'
import type { SettingsFile } from '../../core/settings/settings-file'
import type { Layout } from '../../core/storage/layout'
import * as FileStamp from './file-stamp'
import type { Ports } from './ports'

type Environment = Resolution.Sources['environment']

/** Names a file whose settings come before those of our own. */
const fileVariable = 'CODEX_MULTI_AUTH_CONFIG_PATH'

interface Readers {
  readonly files: Pick<Ports['files'], 'read'>
}

export const readSettings = (
  ports: Readers,
  layout: Layout,
  environment: Environment,
): ResultAsync<Resolution.Resolved, never> =>
  ResultAsync.combine(placesOf(layout, environment).map((path) => textAt(ports, path))).map(
    (found) => Resolution.resolve({ environment, files: found.flat() }),
  )

/** The settings as a long-lived process reads them: from memory until a file's stamp has changed. */
export interface LiveSettings {
  readonly current: () => Promise<Settings>
}

export const openSettings = (
  ports: Pick<Ports, 'files'>,
  layout: Layout,
  environment: Environment,
): LiveSettings => {
  const places = placesInUse(layout, environment)
  let known: { readonly settings: Settings; readonly stamps: Stamps } | undefined
  const current = async (): Promise<Settings> => {
    const stamps = await Promise.all(places.map((path) => stampAt(ports, path)))
    if (known !== undefined && isSame(known.stamps, stamps)) return known.settings
    const settings = await readSettings(ports, layout, environment).match(
      (read) => read.settings,
      (impossible: never) => impossible,
    )
    known = { settings, stamps }
    return settings
  }
  return { current }
}

type Stamps = ReadonlyArray<FileStamp.Seen>

const stampAt = ({ files }: Pick<Ports, 'files'>, path: string): Promise<FileStamp.Seen> =>
  files.stamp(path).unwrapOr(O.none)

const isSame = (left: Stamps, right: Stamps): boolean =>
  left.every((stamp, index) => FileStamp.isSame(stamp, right[index] ?? O.none))

/** Of the files that somebody may change, the strongest first. */
const placesInUse = (layout: Layout, environment: Environment): ReadonlyArray<string> => {
  const named = environment[fileVariable]
  return [...(named === undefined || named === '' ? [] : [named]), layout.settings]
}

/** Those of older versions of the existing tool come last. */
const placesOf = (layout: Layout, environment: Environment): ReadonlyArray<string> => [
  ...placesInUse(layout, environment),
  ...layout.olderSettings,
]

/** What cannot be read says nothing, as what is not there. */
const textAt = (ports: Readers, path: string): ResultAsync<ReadonlyArray<SettingsFile>, never> =>
  ports.files
    .read(path)
    .map((text): ReadonlyArray<SettingsFile> => [{ path, text }])
    .orElse(() => okAsync([]))
