/** Puts a router together: what every door needs to serve requests from the user's accounts. */
import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync } from 'neverthrow'
import type * as Account from '../../core/accounts/account'
import type { AccountKey } from '../../core/accounts/identity'
import * as Pool from '../../core/accounts/pool'
import type { Because } from '../../core/failover/machine'
import type { Seams } from '../../core/official/seams'
import type * as Sync from '../../core/official/sync'
import type { Selection } from '../../core/routing/selection'
import type { Instant } from '../../core/time'
import type { Layout } from '../../core/storage/layout'
import { openAccounts } from './accounts'
import { openChanges, type Changes } from './changes'
import { openDeadlines, type Deadlines } from './deadlines'
import { startGuardian, type OpenGuardian } from './guardian'
import { joinedRefresh } from './joined-refresh'
import { openLoad, type LoadPorts } from './load'
import { watchPolicies } from './policies'
import { changePool } from './pool'
import type { Ports } from './ports'
import { refreshAccount, type RefreshError, type RefreshPorts, type Spacing } from './refresh'
import { openResidency, type Residency } from './residency'
import type { RouteRequest } from './route-request'
import { openRuntime } from './runtime'
import { openSettings, type LiveSettings } from './settings'
import { openHeads, type Heads } from './stream-head'
import { openTurnStates, type TurnStates } from './turn-states'
import { readUsage, type Reading } from './usage'
import { openWorld, type Known, type WorldView } from './world'

/** What a door may tell of: each decision with what it rests on, and how the request ended. */
export interface Witness {
  readonly decided: (request: RouteRequest, selection: Selection, known: Known) => void
  readonly served: (request: RouteRequest, account: AccountKey, known: Known) => void
  /** It waits until then for an account to come back. */
  readonly rested: (request: RouteRequest, back: Instant) => void
  readonly usedModel: (request: RouteRequest, from: string, model: string) => void
  /** The client got the refusal of the account that was asked last, as it was. */
  readonly passedOn: (request: RouteRequest, status: number) => void
  readonly gaveUp: (request: RouteRequest, because: Because) => void
}

export interface Router {
  readonly ports: Pick<Ports, 'clock' | 'http' | 'random' | 'compression'>
  readonly world: WorldView
  readonly residency: Residency
  readonly turnStates: TurnStates
  readonly heads: Heads
  /** Of answers as a whole. */
  readonly wholes: Deadlines
  readonly changes: Changes
  /** `seen` is the access token that was refused or is about to end. */
  readonly refresh: (
    account: AccountKey,
    seen: O.Option<string>,
    /** In place of the setting. */
    sync?: Sync.Mode,
  ) => ResultAsync<Account.Account, RefreshError>
  readonly loseSignIn: (
    account: AccountKey,
    refused: O.Option<string>,
    code: string,
  ) => ResultAsync<void, never>
  readonly witness: Witness
}

export interface OpenRouter {
  readonly router: Router
  /** Renews tokens before requests need them, until the router is closed. */
  readonly guard: () => void
  /** Writes at once what is observed, so that whoever looks at the disk knows it too. */
  readonly flush: () => ResultAsync<void, never>
  /** Writes what is still in hand. */
  readonly close: () => ResultAsync<void, never>
}

export interface RouterTerms {
  readonly layout: Layout
  readonly seams: Seams
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The only account that may serve, where a person asked for one. */
  readonly strict: O.Option<AccountKey>
  readonly witness: Witness
}

type RouterPorts = RefreshPorts & LoadPorts & Pick<Ports, 'random' | 'compression' | 'watcher'>

export const openRouter = (
  ports: RouterPorts,
  { environment, layout, seams, strict, witness }: RouterTerms,
): ResultAsync<OpenRouter, never> => {
  const settings = openSettings(ports, layout, environment)
  // Read before the first request comes.
  return ResultAsync.fromSafePromise(settings.current()).map(() => {
    const runtime = openRuntime(ports, layout)
    const accounts = openAccounts(ports, layout)
    const policies = watchPolicies(ports, layout)
    const load = openLoad(ports, layout)
    const refresh = openRefresh(ports, layout, seams, settings)
    const debounce = async () => (await settings.current()).liveAccountSyncDebounceMs
    const folders = [...new Set([layout.root, layout.poolFolder])]
    const changes = openChanges(ports, folders, debounce)
    const usage = (account: Account.Account) =>
      readUsage(
        ports,
        layout,
        seams,
      )([account]).map(([reading]): Reading => reading ?? { _tag: 'NotReached' })
    let guardian: OpenGuardian | undefined
    return {
      guard: () => {
        guardian ??= startGuardian(ports, { accounts, changes, refresh, runtime, settings, usage })
      },
      router: {
        ports,
        world: openWorld(ports, { accounts, load, policies, runtime, settings }, strict),
        residency: openResidency(ports, seams),
        turnStates: openTurnStates(),
        heads: openHeads(ports),
        wholes: openDeadlines(ports),
        changes,
        refresh,
        loseSignIn: loseSignIn(ports, layout),
        witness,
      },
      flush: runtime.flush,
      close: () =>
        (guardian?.stop() ?? okAsync(undefined)).andThen(runtime.flush).andThen(load.close),
    }
  })
}

/** Renews accounts of a pool as the settings are then. */
export const openRefresh = (
  ports: RefreshPorts,
  layout: Layout,
  seams: Seams,
  settings: LiveSettings,
): Router['refresh'] => {
  const spacing: Spacing = async () => (await settings.current()).refreshSpacingMs
  return joinedRefresh((account, seen, asked) =>
    ResultAsync.fromSafePromise(settings.current()).andThen(({ syncCodexCli }) =>
      refreshAccount(ports, layout, seams, { spacing, sync: asked ?? syncCodexCli })(account, seen),
    ),
  )
}

/** A mark that cannot be written is made at the next refusal. */
export const loseSignIn =
  (ports: Pick<Ports, 'files' | 'lock' | 'clock'>, layout: Layout) =>
  (account: AccountKey, refused: O.Option<string>, code: string): ResultAsync<void, never> =>
    changePool(
      ports,
      layout,
    )(Pool.invalidate(account, refused, { at: ports.clock.now(), code }))
      .map(() => undefined)
      .orElse(() => okAsync(undefined))
