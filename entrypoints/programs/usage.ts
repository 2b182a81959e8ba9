/**
 * What the backend says of an account's quota, asked with the token the account has: a look renews
 * none. It costs no quota.
 */
import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import * as Credential from '../../core/accounts/credential'
import type { Seams } from '../../core/official/seams'
import type { Snapshot } from '../../core/quota/snapshot'
import * as UsagePayload from '../../core/quota/usage-payload'
import * as Upstream from '../../core/request/upstream'
import type { Layout } from '../../core/storage/layout'
import { second } from '../../core/time'
import type { HttpLimits } from '../../ports/http'
import { readText } from './body'
import type { Ports } from './ports'
import { openResidency, type Residency } from './residency'
import { openRuntime } from './runtime'

export type Reading =
  | { readonly _tag: 'Read'; readonly snapshot: Snapshot }
  /** The sign-in was taken back. */
  | { readonly _tag: 'SignInLost' }
  /** The access token has ended; the next request renews it. */
  | { readonly _tag: 'TokenEnded' }
  | { readonly _tag: 'Refused'; readonly status: number }
  | { readonly _tag: 'NotReached' }
  /** The answer tells of no window. */
  | { readonly _tag: 'NotUnderstood' }

const limits: HttpLimits = {
  connectMax: 5 * second,
  firstByteMax: 10 * second,
  stallMax: 5 * second,
}
/** A real answer is of 1 kB. */
const answerBytesMax = 256 * 1024

type UsagePorts = Pick<Ports, 'files' | 'lock' | 'clock' | 'http'>

/** Reads the usage of each, in their order, and remembers what was told. */
export const readUsage =
  (ports: UsagePorts, layout: Layout, seams: Seams) =>
  (accounts: ReadonlyArray<Account.Account>): ResultAsync<ReadonlyArray<Reading>, never> => {
    const runtime = openRuntime(ports, layout)
    const residency = openResidency(ports, seams)
    const asked = accounts.map((account) =>
      usageOf(
        ports,
        residency,
      )(account).map((reading) => {
        if (reading._tag === 'Read')
          runtime.observe({
            ...{ _tag: 'QuotaSeen', account: Account.key(account) },
            snapshot: reading.snapshot,
          })
        return reading
      }),
    )
    return ResultAsync.combine(asked).andThen((readings) => runtime.flush().map(() => readings))
  }

const usageOf =
  (ports: Pick<Ports, 'clock' | 'http'>, residency: Residency) =>
  (account: Account.Account): ResultAsync<Reading, never> => {
    const { access } = account.credential
    if (Account.needsSignIn(account)) return okAsync({ _tag: 'SignInLost' })
    if (O.isNone(access) || !Credential.isFresh(ports.clock.now(), 0)(account.credential))
      return okAsync({ _tag: 'TokenEnded' })
    return ask(ports, residency, account, access.value.reveal())
  }

const ask = (
  ports: Pick<Ports, 'clock' | 'http'>,
  residency: Residency,
  account: Account.Account,
  accessToken: string,
): ResultAsync<Reading, never> =>
  ResultAsync.fromSafePromise(residency.of(account, accessToken))
    .andThen(({ backend, override }) =>
      ports.http.send({
        method: 'GET',
        url: `${backend}/wham/usage`,
        headers: Upstream.requestHeaders(
          { identity: account.identity, accessToken, override },
          false,
        )([['accept', 'application/json']]),
        body: [],
        limits,
      }),
    )
    .andThen((answer) =>
      readText(answer.body, answerBytesMax).map((text) => ({ status: answer.status, text })),
    )
    .map(({ status, text }): Reading => {
      if (status === 401) return { _tag: 'TokenEnded' }
      if (status !== 200) return { _tag: 'Refused', status }
      const snapshot = UsagePayload.snapshot(ports.clock.now())(text)
      return O.isSome(snapshot)
        ? { _tag: 'Read', snapshot: snapshot.value }
        : { _tag: 'NotUnderstood' }
    })
    .orElse(() => okAsync<Reading>({ _tag: 'NotReached' }))
