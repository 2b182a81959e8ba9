/** The policies on disk: read, watched, and changed one account at a time under a lock of their own. */
import { errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { AccountKey } from '../../core/accounts/identity'
import * as Policy from '../../core/accounts/policy'
import type * as Pool from '../../core/accounts/pool'
import type { Malformed } from '../../core/result'
import type { Layout } from '../../core/storage/layout'
import * as PoliciesFile from '../../core/storage/policies-file'
import { second, type Millis } from '../../core/time'
import type { FileError } from '../../ports/file-system'
import type { Held, LockError, LockTerms } from '../../ports/lock'
import { openLive, type LivePorts } from './live'
import { readPool, type PoolError } from './pool'
import type { Ports } from './ports'

/** The file says something that is no set of policies. It is left alone. */
export interface PoliciesUnreadable {
  readonly _tag: 'PoliciesUnreadable'
  readonly path: string
  readonly because: Malformed
}

export type PolicyError = FileError | LockError | PoliciesUnreadable

const terms: LockTerms = { waitMax: 20 * second, expiresAfter: 10 * second }
const writeMax: Millis = 5 * second

export const readPolicies = (
  ports: Pick<Ports, 'files'>,
  layout: Layout,
): ResultAsync<Policy.Policies, FileError | PoliciesUnreadable> =>
  textOf(ports, layout).andThen(parse(layout))

const textOf = (ports: Pick<Ports, 'files'>, layout: Layout): ResultAsync<string, FileError> =>
  ports.files
    .read(layout.policies)
    .orElse((error) => (error._tag === 'NotFound' ? okAsync('{}') : errAsync(error)))

const parse =
  (layout: Layout) =>
  (text: string): Result<Policy.Policies, PoliciesUnreadable> =>
    PoliciesFile.parse(text).mapErr((because) => ({
      _tag: 'PoliciesUnreadable',
      path: layout.policies,
      because,
    }))

/** A change of one account's policy, and the pool it was found in. */
export interface ChangedPolicy {
  readonly key: AccountKey
  readonly pool: Pool.Pool
  readonly before: Policy.Policy
  readonly after: Policy.Policy
}

export const changePolicy =
  (ports: Pick<Ports, 'files' | 'lock'>, layout: Layout) =>
  <E>(
    resolve: (pool: Pool.Pool) => Result<AccountKey, E>,
    change: (policy: Policy.Policy) => Result<Policy.Policy, E>,
  ): ResultAsync<ChangedPolicy, E | PoolError | PolicyError> =>
    ports.files.ensureFolder(layout.root).andThen(() =>
      ports.lock.holding(layout.policiesLock, terms, (held) =>
        readPool(ports, layout).andThen((pool) =>
          resolve(pool).asyncAndThen((key) =>
            changeHeld(
              ports,
              layout,
              held,
            )((policies) =>
              change(Policy.of(key)(policies)).map((after) => Policy.set(key, after)(policies)),
            ).map(({ before, after }) => ({
              ...{ key, pool },
              before: Policy.of(key)(before),
              after: Policy.of(key)(after),
            })),
          ),
        ),
      ),
    )

/** Makes no file and waits for nobody where there is no policy to forget. */
export const forgetPolicy =
  (ports: Pick<Ports, 'files' | 'lock'>, layout: Layout) =>
  (key: AccountKey): ResultAsync<void, PolicyError> =>
    readPolicies(ports, layout).andThen((policies) =>
      Policy.without(key)(policies) === policies
        ? okAsync(undefined)
        : ports.lock
            .holding(layout.policiesLock, terms, (held) =>
              changeHeld(ports, layout, held)((now) => ok(Policy.without(key)(now))),
            )
            .map(() => undefined),
    )

interface Changed {
  readonly before: Policy.Policies
  readonly after: Policy.Policies
}

const changeHeld =
  (ports: Pick<Ports, 'files'>, layout: Layout, held: Held) =>
  <E>(
    change: (policies: Policy.Policies) => Result<Policy.Policies, E>,
  ): ResultAsync<Changed, E | PolicyError> =>
    textOf(ports, layout).andThen((text) =>
      parse(layout)(text).asyncAndThen((before) =>
        change(before).asyncAndThen((after) =>
          after === before
            ? okAsync({ before, after })
            : held
                .confirm(writeMax)
                .andThen(() =>
                  ports.files.replace(layout.policies, PoliciesFile.print(after)(text)),
                )
                .map(() => ({ before, after })),
        ),
      ),
    )

export interface WatchedPolicies {
  /** As they were last read well: whom to serve is not to fail because of them. */
  readonly current: () => Promise<Policy.Policies>
}

export const watchPolicies = (ports: LivePorts, layout: Layout): WatchedPolicies => {
  const live = openLive({ ...ports, stamp: ports.files.stamp }, [layout.policies], () =>
    readPolicies(ports, layout),
  )
  let known: Policy.Policies = {}
  return {
    current: async () => {
      known = await live().unwrapOr(known)
      return known
    },
  }
}
