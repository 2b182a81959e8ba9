/** What serves a plugin: the router behind a `fetch`, the ways to sign in, and the accounts. */
import * as O from 'fp-ts/Option'
import { ResultAsync } from 'neverthrow'
import type { Seams } from '../../../core/official/seams'
import type { Layout } from '../../../core/storage/layout'
import { openAnnouncer } from '../../programs/announcer'
import { fetchOver, type Fetch } from '../../programs/fetch'
import { openHost } from '../../programs/host'
import type { Ports } from '../../programs/ports'
import { openRouter } from '../../programs/router'
import { openSettings } from '../../programs/settings'
import { openWitness } from '../../programs/witness'
import type { Authorization } from '../host'
import { openAccounts, type Accounts } from './accounts'
import { authorize, type Way } from './sign-in'

export interface Engine {
  readonly fetch: Fetch
  readonly authorize: (way: Way) => Promise<Authorization>
  readonly accounts: Accounts
  /** Writes what is still in hand. */
  readonly close: () => ResultAsync<void, never>
}

export interface EngineTerms {
  readonly layout: Layout
  readonly seams: Seams
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Shows the person a line. */
  readonly say: (line: string) => void
}

export const openEngine = (
  ports: Ports,
  { environment, layout, say, seams }: EngineTerms,
): ResultAsync<Engine, never> => {
  const announcer = openAnnouncer(say, false, false)
  const witness = openWitness(ports, layout, announcer)
  const settings = openSettings(ports, layout, environment)
  const terms = { layout, seams, environment, strict: O.none, witness: witness.ofRequests }
  const allowsBackground = async () => (await settings.current()).backgroundResponses
  return openRouter(ports, terms).map(({ close, flush, guard, router }) => {
    guard()
    return {
      fetch: fetchOver(openHost(router, { client: 'host', allowsBackground, say })),
      authorize: async (way) => {
        const { syncCodexCli: sync } = await settings.current()
        return authorize(ports, { layout, seams, workspace: O.none, sync }, way)
      },
      accounts: openAccounts(ports, layout, environment, flush),
      close: () => ResultAsync.combine([close(), witness.close()]).map(() => undefined),
    }
  })
}
