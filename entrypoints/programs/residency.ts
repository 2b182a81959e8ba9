/**
 * Where the workspace of each account is served from, as the backend's own `accounts/check` says.
 * Asked once an account and process; an answer that cannot be had constrains nothing.
 */
import * as O from 'fp-ts/Option'
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

export const openResidency = (ports: Pick<Ports, 'http'>, seams: Seams): Residency => {
  const known = new Map<AccountKey, Promise<Residence>>()
  return {
    of: (account, accessToken) => {
      const key = Account.key(account)
      const asked = known.get(key) ?? ask(ports, seams, account, accessToken)
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
): Promise<Residence> => {
  const { accountId } = account.identity
  const route = await ports.http
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
  return O.isNone(route)
    ? { backend: seams.backend, override: O.none }
    : { backend: backendAt(seams, route.value.origin), override: route.value.override }
}

/** Another origin is taken from the real backend alone: a backend of tests stays where it is. */
const backendAt = (seams: Seams, origin: O.Option<string>): string =>
  O.isSome(origin) && seams.isRealBackend ? `${origin.value}/backend-api` : seams.backend
