/** What makes a host load our plugin, and all the plugin did to it: written, and taken back. */
import * as O from 'fp-ts/Option'
import { ok, safeTry, type ResultAsync } from 'neverthrow'
import * as OpenCode from '../../core/hosts/opencode'
import * as Configuration from '../../core/hosts/opencode-config'
import type { Layout } from '../../core/storage/layout'
import { second } from '../../core/time'
import type { LockError, LockTerms } from '../../ports/lock'
import * as EditedFiles from './edited-files'
import { releaseEntry } from './host-entry'
import { writeStamp } from './host-load'
import type { Ports } from './ports'

export type HostConfigError =
  EditedFiles.EditError | LockError | (Configuration.NotConfiguration & { readonly path: string })

type ConfigPorts = Pick<Ports, 'files' | 'lock'>

const kind = 'host-plugin'

/** Held for milliseconds. */
const terms: LockTerms = { waitMax: 5 * second, expiresAfter: 10 * second }

const alone = <A>(
  ports: ConfigPorts,
  layout: Layout,
  work: () => ResultAsync<A, HostConfigError>,
): ResultAsync<A, HostConfigError> =>
  ports.files
    .ensureFolder(layout.root)
    .andThen(() => ports.lock.holding(layout.editsLock, terms, work))

/** `spec` is what the configuration calls the plugin: the address of its file. */
export const installPlugin = (
  ports: ConfigPorts & Pick<Ports, 'clock'>,
  layout: Layout,
  places: OpenCode.Places,
  spec: string,
): ResultAsync<EditedFiles.Change, HostConfigError> =>
  alone(ports, layout, () =>
    safeTry(async function* () {
      const path = yield* EditedFiles.firstThere(ports, OpenCode.configPaths(places))
      const found = yield* EditedFiles.textAt(ports, path)
      const { fresh } = Configuration
      const text = O.isSome(found) ? found.value.text : fresh
      const after = yield* Configuration.insert(spec)(text).mapErr((refusal) => ({
        ...refusal,
        path: O.isSome(found) ? found.value.path : path,
      }))
      const before = JSON.stringify({ spec, after, text: O.isSome(found) ? text : '' })
      const change = (): string => after
      const planned = yield* EditedFiles.plan(ports, { kind, path, fresh, change, before })
      yield* EditedFiles.make(ports, layout, [planned])
      yield* writeStamp(ports, layout, { installedAt: ports.clock.now() })
      return ok(planned.change)
    }),
  )

/** The configuration as it was, and then the sign-in the host had. */
export const removePlugin = (
  ports: ConfigPorts,
  layout: Layout,
): ResultAsync<ReadonlyArray<EditedFiles.Change>, HostConfigError> =>
  alone(ports, layout, () =>
    EditedFiles.undo(ports, layout, kind, ({ before }) =>
      Configuration.restore(before ?? ''),
    ).andThen((changes) =>
      releaseEntry(ports, layout)
        .andThrough(() => ports.files.remove(layout.hostLoad))
        .map((paths) => [
          ...changes,
          ...paths.map((path) => ({ path, what: 'restored' }) as const),
        ]),
    ),
  )
