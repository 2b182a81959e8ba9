/**
 * Where the workspace of each account is served from, as the backend's own `accounts/check` says.
 * Asked once an account and process. An answer that cannot be had constrains nothing, and is asked
 * for again by later requests, a few times.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as Account from '../../core/accounts/account'
import type { AccountKey } from '../../core/accounts/identity'
import * as Discovery from '../../core/official/discovery'
import type { Seams } from '../../core/official/seams'
import { parseJson } from '../../core/result'
import { second } from '../../core/time'
import type { HttpLimits } from '../../ports/http'
import { readText } from './body'
import type { Ports } from './ports'

export interface Residence {
  /** The base URL, without a slash at its end. */
  readonly backend: string
  readonly override: O.Option<string>
}

export interface Residency {
  readonly of: (account: Account.Account, accessToken: string) => Promise<Residence>
}

/** A request waits for this once, so it is given up soon. */
const limits: HttpLimits = {
  connectMax: 3 * second,
  firstByteMax: 5 * second,
  stallMax: 2 * second,
}
const answerBytesMax = 256 * 1024

/** A refused token is renewed before the second, a hiccup is over by the third. */
const timesMax = 3

export const openResidency = (ports: Pick<Ports, 'http'>, seams: Seams): Residency => {
  const known = new Map<AccountKey, Promise<Residence>>()
  const inVain = new Map<AccountKey, number>()
  const unconstrained = (key: AccountKey): Residence => {
    const times = (inVain.get(key) ?? 0) + 1
    inVain.set(key, times)
    if (times < timesMax) known.delete(key)
    return { backend: seams.backend, override: O.none }
  }
  return {
    of: (account, accessToken) => {
      const key = Account.key(account)
      const asked =
        known.get(key) ??
        ask(ports, seams, account, accessToken).then(O.getOrElse(() => unconstrained(key)))
      known.set(key, asked)
      return asked
    },
  }
}

const ask = async (
  ports: Pick<Ports, 'http'>,
  seams: Seams,
  account: Account.Account,
  accessToken: string,
): Promise<O.Option<Residence>> => {
  const { accountId } = account.identity
  const route: O.Option<Discovery.WorkspaceRoute> = await ports.http
    .send({
      method: 'GET',
      url: `${seams.backend}/wham/accounts/check`,
      headers: [
        ['accept', 'application/json'],
        ['authorization', `Bearer ${accessToken}`],
        ['chatgpt-account-id', accountId],
      ],
      body: [],
      limits,
    })
    .andThen(({ body }) => readText(body, answerBytesMax))
    .map((text) => parseJson(text).map(Discovery.routeOf(accountId)).unwrapOr(O.none))
    .unwrapOr(O.none)
  return pipe(
    route,
    O.map(({ origin, override }) => ({ backend: backendAt(seams, origin), override })),
  )
}

/** Another origin is taken from the real backend alone: a backend of tests stays where it is. */
const backendAt = (seams: Seams, origin: O.Option<string>): string =>
  O.isSome(origin) && seams.isRealBackend ? `${origin.value}/backend-api` : seams.backend
