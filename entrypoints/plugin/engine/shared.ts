/**
 * What all projects of one host process share: one engine a pool, opened by the first request that its
 * pool serves and closed with the last project it serves, and the people to tell. Most projects have no
 * pool of their own, and share the engine of the user's.
 */
import type { Result, ResultAsync } from 'neverthrow'
import * as OpenCode from '../../../core/hosts/opencode'
import * as Seams from '../../../core/official/seams'
import * as Layout from '../../../core/storage/layout'
import { claimEntry, keepEntry, type Claim } from '../../programs/host-entry'
import { writeStamp } from '../../programs/host-load'
import { layoutIn } from '../../programs/project'
import type { Client, Host } from '../host'
import { log, quietly, type Membership, type Shared } from '../plugin'
import type { Ports } from '../../programs/ports'
import { openEngine, type Engine } from './engine'

/** A variable that points our calls somewhere unsafe leaves the host without us. */
export const openSharedOver = (
  ports: Ports,
  places: OpenCode.Places,
): Result<Shared, Seams.UnsafeSeam> =>
  Seams.ofEnvironment(places.environment).map((seams) => sharedOver(ports, places, seams))

/** The projects that one pool serves. */
interface Circle {
  /** Projects may share a client, and each counts. */
  readonly members: Set<{ readonly client: Client }>
  engine: Promise<Engine> | undefined
}

const sharedOver = (ports: Ports, places: OpenCode.Places, seams: Seams.Seams): Shared => {
  const { environment, home } = places
  const circles = new Map<string, Circle>()
  const user = Layout.of({
    home,
    codexHome: environment['CODEX_HOME'],
    ownRoot: environment['CODEX_MULTI_AUTH_DIR'],
  })
  const engineOf = (layout: Layout.Layout, circle: Circle): Promise<Engine> => {
    const say = (line: string): void =>
      circle.members.forEach(({ client }) => void tell(client, line))
    circle.engine ??= opened(openEngine(ports, { layout, seams, environment, say }))
    return circle.engine
  }
  /** Who joins after the last is one of a new circle at once, and is given no engine that closes. */
  const end = async (layout: Layout.Layout, circle: Circle): Promise<void> => {
    if (circles.get(layout.pool) === circle) circles.delete(layout.pool)
    const last = await circle.engine
    await last?.close()
  }
  const memberOf = (layout: Layout.Layout, client: Client): Membership => {
    const circle = circles.get(layout.pool) ?? { members: new Set(), engine: undefined }
    const member = { client }
    circles.set(layout.pool, circle)
    circle.members.add(member)
    return {
      engine: () => engineOf(layout, circle),
      claimEntry: () =>
        Promise.resolve(
          claimEntry(ports, layout, OpenCode.storePath(places)).match<Claim, Claim>(
            (claim) => claim,
            () => ({ _tag: 'Leave', because: 'Unreadable' }),
          ),
        ),
      keepEntry: () =>
        Promise.resolve(
          keepEntry(ports, layout, OpenCode.storePath(places)).match(
            () => true,
            () => false,
          ),
        ),
      leave: async () => {
        circle.members.delete(member)
        if (circle.members.size === 0) await end(layout, circle)
      },
    }
  }
  return {
    stampLoad: async () => void (await writeStamp(ports, user, { loadedAt: ports.clock.now() })),
    join: async (host) =>
      memberOf(await layoutIn(ports, user, places)(folderOf(host)).unwrapOr(user), host.client),
  }
}

/** Where the host works; older releases may tell of the worktree alone. */
const folderOf = ({ directory, worktree }: Host): string => directory ?? worktree ?? ''

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
