/**
 * The issuer's token and revoke endpoints as the official CLI sees them through the proxy.
 *
 * A sign-in that the pool holds is renewed in the one lane that renews it for everybody, and is never
 * revoked; one that it does not hold is the issuer's business, and goes there in the same lane.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { okAsync, type ResultAsync } from 'neverthrow'
import * as Account from '../../../../core/accounts/account'
import type { Secret } from '../../../../core/accounts/credential'
import type { AccountKey } from '../../../../core/accounts/identity'
import type { Pool } from '../../../../core/accounts/pool'
import type { Seams } from '../../../../core/official/seams'
import { decode, parseJson } from '../../../../core/result'
import type { Layout } from '../../../../core/storage/layout'
import type { Reply } from '../../../../ports/http-server'
import { readFront, type Front } from '../../../programs/front'
import { readPool } from '../../../programs/pool'
import type { Ports } from '../../../programs/ports'
import { inRefreshLane } from '../../../programs/refresh'
import type { Router } from '../../../programs/router'
import { askIssuer } from '../../../programs/token-request'
import * as Replies from './replies'

export interface TokenEndpoint {
  readonly token: (body: string) => ResultAsync<Reply, never>
  readonly revoke: (body: string) => ResultAsync<Reply, never>
}

type TokenPorts = Pick<Ports, 'files' | 'lock' | 'clock' | 'http' | 'hash'>

/** The lane as requests use it. */
type Refresh = Router['refresh']

/** What the endpoint tells its door. */
export interface TokenWitness {
  readonly handedOut: (token: Secret) => void
  /** The CLI's own sign-in is dead; requests go on being served. */
  readonly frontIsDead: (front: Account.Account) => void
}

const tokenForm = t.type({ refresh_token: t.string }, 'RefreshRequest')
const revokeForm = t.type({ token: t.string }, 'RevokeRequest')

/** A sign-in somebody showed us a token of: nobody's business but its owner's, the pool's, or unknown. */
type Owner =
  | { readonly _tag: 'Pool'; readonly account: Account.Account; readonly seen: O.Option<string> }
  | { readonly _tag: 'FrontOnly' }
  | { readonly _tag: 'Unknown' }

export const openTokenEndpoint = (
  ports: TokenPorts,
  layout: Layout,
  seams: Seams,
  refresh: Refresh,
  witness: TokenWitness,
): TokenEndpoint => ({
  token: (body) =>
    parseJson(body)
      .andThen(decode(tokenForm))
      .asyncAndThen(({ refresh_token }) =>
        ownerOf(ports, layout, refresh_token).andThen((owner) => {
          if (owner._tag === 'Unknown') return okAsync(Replies.forbidden)
          return owner._tag === 'Pool'
            ? renew(refresh, witness, owner)
            : passOn(ports, layout, `${seams.issuer}/oauth/token`, body)
        }),
      )
      .orElse(() => okAsync(Replies.badRequest)),
  revoke: (body) =>
    parseJson(body)
      .andThen(decode(revokeForm))
      .asyncAndThen(({ token }) =>
        ownerOf(ports, layout, token).andThen((owner) => {
          if (owner._tag === 'Unknown') return okAsync(Replies.forbidden)
          return owner._tag === 'Pool'
            ? okAsync(Replies.json(200, {}))
            : passOn(ports, layout, `${seams.issuer}/oauth/revoke`, body)
        }),
      )
      .orElse(() => okAsync(Replies.badRequest)),
})

const ownerOf = (
  ports: TokenPorts,
  layout: Layout,
  token: string,
): ResultAsync<Owner, { readonly _tag: string }> =>
  readPool(ports, layout).andThen((pool) =>
    readFront(ports, layout).map((front): Owner => {
      const isThis = (secret: Secret): boolean => ports.hash.equal(secret.reveal(), token)
      const holder = pool.accounts.find(({ credential }) => isThis(credential.refresh))
      const shows = O.isSome(front) && isThis(front.value.credential.refresh)
      const account = holder ?? (shows ? accountOfFront(pool, front.value.key) : undefined)
      if (account !== undefined) return { _tag: 'Pool', account, seen: seenBy(front, account) }
      return shows ? { _tag: 'FrontOnly' } : { _tag: 'Unknown' }
    }),
  )

const accountOfFront = (pool: Pool, key: AccountKey): Account.Account | undefined =>
  pool.accounts.find((account) => Account.key(account) === key)

/** The access token the CLI wants to be rid of. */
const seenBy = (front: O.Option<Front>, account: Account.Account): O.Option<string> =>
  O.isSome(front) &&
  front.value.key === Account.key(account) &&
  O.isSome(front.value.credential.access)
    ? O.some(front.value.credential.access.value.reveal())
    : O.none

const renew = (
  refresh: Refresh,
  witness: TokenWitness,
  owner: Owner & { readonly _tag: 'Pool' },
): ResultAsync<Reply, never> =>
  refresh(Account.key(owner.account), owner.seen)
    .map(({ credential }) => {
      if (O.isSome(credential.access)) witness.handedOut(credential.access.value)
      return Replies.json(200, {
        access_token: reveal(credential.access),
        refresh_token: credential.refresh.reveal(),
        id_token: reveal(credential.id),
      })
    })
    .orElse((error) => {
      if (error._tag !== 'RefreshRefused') return okAsync(Replies.json(503, {}))
      witness.frontIsDead(owner.account)
      return okAsync(Replies.json(401, { error: { code: error.code } }))
    })

const reveal = (secret: O.Option<Secret>): string | undefined =>
  O.isSome(secret) ? secret.value.reveal() : undefined

const passOn = (
  ports: TokenPorts,
  layout: Layout,
  url: string,
  body: string,
): ResultAsync<Reply, { readonly _tag: string }> =>
  inRefreshLane(ports, layout, () =>
    askIssuer(ports)({
      method: 'POST',
      url,
      headers: [['content-type', 'application/json']],
      body,
    }).map(({ status, text }) => Replies.text(status, 'application/json', text)),
  )
