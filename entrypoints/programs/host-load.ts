/** The stamp that a loaded plugin leaves, and what it says of its host. */
import * as O from 'fp-ts/Option'
import { okAsync, type ResultAsync } from 'neverthrow'
import * as OpenCode from '../../core/hosts/opencode'
import * as Configuration from '../../core/hosts/opencode-config'
import * as Load from '../../core/hosts/opencode-load'
import type { Layout } from '../../core/storage/layout'
import type { Instant } from '../../core/time'
import type { Ports } from './ports'
import { firstThere } from './edited-files'

/** A stamp that cannot be written costs a word of `doctor`, and never the host its plugin. */
export const writeStamp = (
  { files }: Pick<Ports, 'files'>,
  { hostLoad, root, runtime }: Layout,
  stamp: Load.Stamp,
): ResultAsync<void, never> =>
  files
    .ensureFolder(root)
    .andThen(() => files.ensureFolder(runtime))
    .andThen(() => files.replaceVolatile(hostLoad, Load.printStamp(stamp)))
    .orElse(() => okAsync(undefined))

/** None where no configuration names the plugin. */
export const readLoad = (
  ports: Pick<Ports, 'files'>,
  layout: Layout,
  places: OpenCode.Places,
  spec: string,
): ResultAsync<O.Option<Load.Load>, never> =>
  configuredAt(ports, places, spec).andThen((configured) => {
    if (O.isNone(configured)) return okAsync(O.none)
    return textAt(ports, layout.hostLoad).andThen((stamp) =>
      textAt(ports, OpenCode.logPath(places)).map((log) =>
        O.some(
          Load.judge({
            configuredAt: configured.value,
            stamp: Load.parseStamp(stamp),
            startedAt: Load.startedAt(log),
          }),
        ),
      ),
    )
  })

const configuredAt = (
  ports: Pick<Ports, 'files'>,
  places: OpenCode.Places,
  spec: string,
): ResultAsync<O.Option<Instant>, never> =>
  firstThere(ports, OpenCode.configPaths(places))
    .andThen((path) =>
      ports.files
        .read(path)
        .andThen((text) =>
          Configuration.names(spec)(text)
            ? ports.files.stamp(path).map(O.map(({ modifiedAt }) => modifiedAt))
            : okAsync(O.none),
        ),
    )
    .orElse(() => okAsync(O.none))

const textAt = ({ files }: Pick<Ports, 'files'>, path: string): ResultAsync<string, never> =>
  files.read(path).orElse(() => okAsync(''))
