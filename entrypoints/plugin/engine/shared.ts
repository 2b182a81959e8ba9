/**
 * What all projects of one host process share: one engine, opened by the first request and closed with
 * the last project, and the people to tell.
 */
import type { Result, ResultAsync } from 'neverthrow'
import * as OpenCode from '../../../core/hosts/opencode'
import * as Seams from '../../../core/official/seams'
import * as Layout from '../../../core/storage/layout'
import { claimEntry, type Claim } from '../../programs/host-entry'
import { writeStamp } from '../../programs/host-load'
import type { Client } from '../host'
import { log, quietly, type Shared } from '../plugin'
import type { Ports } from '../../programs/ports'
import { openEngine, type Engine } from './engine'

/** A variable that points our calls somewhere unsafe leaves the host without us. */
export const openSharedOver = (
  ports: Ports,
  places: OpenCode.Places,
): Result<Shared, Seams.UnsafeSeam> =>
  Seams.ofEnvironment(places.environment).map((seams) => sharedOver(ports, places, seams))

const sharedOver = (ports: Ports, places: OpenCode.Places, seams: Seams.Seams): Shared => {
  const { environment, home } = places
  const members = new Set<{ readonly client: Client }>()
  const layout = Layout.of({
    home,
    codexHome: environment['CODEX_HOME'],
    ownRoot: environment['CODEX_MULTI_AUTH_DIR'],
  })
  let engine: Promise<Engine> | undefined
  const say = (line: string): void => members.forEach(({ client }) => void tell(client, line))
  return {
    engine: () => {
      engine ??= opened(openEngine(ports, { layout, seams, environment, say }))
      return engine
    },
    claimEntry: () =>
      Promise.resolve(
        claimEntry(ports, layout, OpenCode.storePath(places)).match<Claim, Claim>(
          (claim) => claim,
          () => ({ _tag: 'Leave', because: 'Unreadable' }),
        ),
      ),
    stampLoad: async () => void (await writeStamp(ports, layout, { loadedAt: ports.clock.now() })),
    join: (client) => {
      // Projects may share a client, and each counts.
      const member = { client }
      members.add(member)
      return {
        leave: async () => {
          members.delete(member)
          if (members.size > 0) return
          // At once, so that nobody who joins meanwhile is given one that closes.
          const left = engine
          engine = undefined
          await (await left)?.close()
        },
      }
    },
  }
}

const opened = (engine: ResultAsync<Engine, never>): Promise<Engine> =>
  Promise.resolve(
    engine.match(
      (it) => it,
      (never) => never,
    ),
  )

const tell = async (client: Client, line: string): Promise<void> => {
  const message = line.trim()
  await quietly(() => client.tui.showToast({ body: { message, variant: 'info' } }))
  await log(client, 'info', message)
}
