/** The settings as they are now: the environment, and the files that may hold them. */
import { okAsync, ResultAsync } from 'neverthrow'
import * as Resolution from '../../core/settings/resolution'
import type { Layout } from '../../core/storage/layout'
import type { Ports } from './ports'

type Environment = Resolution.Sources['environment']

/** Names a file whose settings come before those of our own. */
const fileVariable = 'CODEX_MULTI_AUTH_CONFIG_PATH'

export const readSettings = (
  ports: Pick<Ports, 'files'>,
  layout: Layout,
  environment: Environment,
): ResultAsync<Resolution.Resolved, never> =>
  ResultAsync.combine(placesOf(layout, environment).map((path) => textAt(ports, path))).map(
    (found) => Resolution.resolve({ environment, files: found.flat() }),
  )

/** Of the files, the strongest first; those after ours are of older versions of the existing tool. */
const placesOf = (layout: Layout, environment: Environment): ReadonlyArray<string> => {
  const named = environment[fileVariable]
  return [
    ...(named === undefined || named === '' ? [] : [named]),
    layout.settings,
    ...layout.olderSettings,
  ]
}

/** What cannot be read says nothing, as what is not there. */
const textAt = (
  ports: Pick<Ports, 'files'>,
  path: string,
): ResultAsync<ReadonlyArray<Resolution.SettingsFile>, never> =>
  ports.files
    .read(path)
    .map((text): ReadonlyArray<Resolution.SettingsFile> => [{ path, text }])
    .orElse(() => okAsync([]))
