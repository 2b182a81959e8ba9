/**
 * The issuer's token and revoke endpoints as the official CLI sees them through the proxy.
 *
 * A sign-in that the pool holds is renewed in the one lane that renews it for everybody, and is never
 * revoked; one that it does not hold is the issuer's business, and goes there in the same lane.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { okAsync, ResultAsync } from 'neverthrow'
import * as Account from '../../../../core/accounts/account'
import * as Credential from '../../../../core/accounts/credential'
import type { Secret } from '../../../../core/accounts/credential'
import type { AccountKey } from '../../../../core/accounts/identity'
import * as TokenResponse from '../../../../core/auth/token-response'
import type { Seams } from '../../../../core/official/seams'
import type * as Sync from '../../../../core/official/sync'
import { decode, parseJson } from '../../../../core/result'
import type { Layout } from '../../../../core/storage/layout'
import { second, type Millis } from '../../../../core/time'
import type { Reply } from '../../../../ports/http-server'
import { lookAtFront, spenderOf } from '../../../programs/front'
import { noteSpending } from '../../../programs/front-sync'
import { readPool } from '../../../programs/pool'
import type { RefreshPorts } from '../../../programs/refresh'
import { inRefreshLane, spendMax } from '../../../programs/refresh-lane'
import type { Router } from '../../../programs/router'
import { askIssuer, type TokenAnswer } from '../../../programs/token-request'
import * as Replies from './replies'

export interface TokenEndpoint {
  readonly token: Answering
  readonly revoke: Answering
}

/** `admitsUnknown` is asked where nobody here knows the token: whether it may go to the issuer. */
type Answering = (body: string, admitsUnknown: () => Promise<boolean>) => ResultAsync<Reply, never>

/** What the endpoint tells its door. */
export interface TokenWitness {
  readonly handedOut: (token: Secret) => void
  /** The CLI's own sign-in, of that name, is dead; requests go on being served. */
  readonly frontIsDead: (name: string) => void
}

interface Door {
  readonly ports: RefreshPorts
  readonly layout: Layout
  readonly seams: Seams
  /** The lane as requests use it. */
  readonly refresh: Router['refresh']
  readonly witness: TokenWitness
}

const tokenForm = t.type({ refresh_token: t.string }, 'RefreshRequest')
const revokeForm = t.type({ token: t.string }, 'RevokeRequest')

/** Whose sign-in it is that somebody showed us a token of. */
type Owner =
  /** `seen` is the access token that the CLI wants to be rid of. */
  | { readonly _tag: 'Pool'; readonly account: Account.Account; readonly seen: O.Option<string> }
  /** The official file's alone. */
  | { readonly _tag: 'FrontOnly'; readonly key: AccountKey }
  | { readonly _tag: 'Unknown' }

/** For the issuer's answer to a revocation: the official CLI waits no longer. */
const revokeMax: Millis = 15 * second

export const openTokenEndpoint = (
  ports: RefreshPorts,
  layout: Layout,
  seams: Seams,
  refresh: Router['refresh'],
  witness: TokenWitness,
): TokenEndpoint => {
  const door: Door = { ports, layout, seams, refresh, witness }
  return {
    token: (body, admitsUnknown) =>
      answered(door, body, tokenForm, ({ refresh_token }, owner) => {
        switch (owner._tag) {
          case 'Pool':
            return renew(door, owner)
          case 'FrontOnly':
            return renewElsewhere(door, owner.key, Credential.secret(refresh_token), body)
          case 'Unknown':
            return ifAdmitted(admitsUnknown, () => passOn(door, '/oauth/token', spendMax, body))
        }
      }),
    revoke: (body, admitsUnknown) =>
      answered(door, body, revokeForm, (_, owner) => {
        const passedOn = () => passOn(door, '/oauth/revoke', revokeMax, body)
        switch (owner._tag) {
          case 'Pool':
            return okAsync(Replies.json(200, {}))
          case 'FrontOnly':
            return passedOn()
          case 'Unknown':
            return ifAdmitted(admitsUnknown, passedOn)
        }
      }),
  }
}

type Answered = ResultAsync<Reply, { readonly _tag: string }>

const ifAdmitted = (admits: () => Promise<boolean>, passedOn: () => Answered): Answered =>
  ResultAsync.fromSafePromise(admits()).andThen((isAdmitted): Answered =>
    isAdmitted ? passedOn() : okAsync(Replies.forbidden),
  )

const answered = <A extends { readonly refresh_token: string } | { readonly token: string }>(
  door: Door,
  body: string,
  form: t.Decoder<unknown, A>,
  answer: (asked: A, owner: Owner) => Answered,
): ResultAsync<Reply, never> => {
  const asked = parseJson(body).andThen(decode(form))
  if (asked.isErr()) return okAsync(Replies.badRequest)
  const token = 'token' in asked.value ? asked.value.token : asked.value.refresh_token
  return ownerOf(door, Credential.secret(token))
    .andThen((owner) => answer(asked.value, owner))
    .orElse(() => okAsync(mayWorkLater))
}

/** The official CLI goes on with its old access token, and asks again. */
const mayWorkLater = Replies.json(503, {})

const ownerOf = (
  { layout, ports }: Door,
  token: Secret,
): ResultAsync<Owner, { readonly _tag: string }> =>
  readPool(ports, layout).andThen((pool) =>
    lookAtFront(ports, layout).map(({ held, record }): Owner => {
      const isThis = (secret: Secret): boolean => ports.hash.equal(secret.reveal(), token.reveal())
      const front = held._tag === 'SignIn' && isThis(held.credential.refresh) ? held : undefined
      const holder = pool.accounts.find(({ credential }) => isThis(credential.refresh))
      // A CLI that read the file before we wrote it shows the token that it held before.
      const key = front?.key ?? O.toUndefined(spenderOf(ports, record, token))
      const account = holder ?? pool.accounts.find((one) => Account.key(one) === key)
      if (account !== undefined) {
        const seen = front === undefined ? O.none : front.credential.access
        return { _tag: 'Pool', account, seen: O.map((one: Secret) => one.reveal())(seen) }
      }
      return key === undefined ? { _tag: 'Unknown' } : { _tag: 'FrontOnly', key }
    }),
  )

/**
 * The official CLI refuses a renewal during which its file changed ("Account credentials changed
 * during refresh", observed), so what it asks for itself, it alone writes.
 */
const cliWrites: Sync.Mode = 'never'

const renew = (
  { refresh, witness }: Door,
  { account, seen }: Extract<Owner, { readonly _tag: 'Pool' }>,
): ResultAsync<Reply, never> =>
  refresh(Account.key(account), seen, cliWrites)
    .map(({ credential }) => handOver(witness, credential))
    .orElse((error) => {
      if (error._tag !== 'RefreshRefused') return okAsync(mayWorkLater)
      witness.frontIsDead(Account.name(account))
      return okAsync(Replies.json(401, { error: { code: error.code } }))
    })

const handOver = (witness: TokenWitness, credential: Credential.Credential): Reply => {
  if (O.isSome(credential.access)) witness.handedOut(credential.access.value)
  return Replies.json(200, {
    access_token: reveal(credential.access),
    refresh_token: credential.refresh.reveal(),
    id_token: reveal(credential.id),
  })
}

const reveal = (secret: O.Option<Secret>): string | undefined =>
  O.isSome(secret) ? secret.value.reveal() : undefined

/**
 * A sign-in that is in no pool: the issuer's answer goes to the CLI as it came. Several CLIs share the
 * file, and only the first to come here spends its token; the others get what that one has written.
 */
const renewElsewhere = (door: Door, key: AccountKey, token: Secret, body: string): Answered => {
  const { layout, ports, seams, witness } = door
  return inRefreshLane(ports, layout, (lease) => {
    const spendOrTake = (triesLeft: number): Answered =>
      lookAtFront(ports, layout).andThen(({ held }): Answered => {
        if (held._tag !== 'SignIn' || held.key !== key) return okAsync(Replies.forbidden)
        if (!Credential.sameSecret(held.credential.refresh, token)) {
          return okAsync(handOver(witness, held.credential))
        }
        if (held.isSpent && triesLeft > 0) {
          return ports.clock.sleep(cliWritesWithin).andThen(() => spendOrTake(triesLeft - 1))
        }
        return lease
          .confirm(spendMax)
          .andThen(() => askIssuer(ports)(jsonRequest(`${seams.issuer}/oauth/token`, body)))
          .andThen((answer) => kept(door, held.credential, answer))
      })
    return spendOrTake(1)
  })
}

/** The official CLI, having got new tokens, writes them within this. */
const cliWritesWithin: Millis = second

/** Only now is the old token known to be worth nothing: until then it is all there is of the sign-in. */
const kept = (
  { layout, ports, witness }: Door,
  previous: Credential.Credential,
  { status, text }: TokenAnswer,
): ResultAsync<Reply, never> => {
  const reply = Replies.text(status, 'application/json', text)
  if (status !== 200 && !TokenResponse.refusalOf(status, text).permanent) return okAsync(reply)
  if (status === 200) {
    parseJson(text)
      .andThen(TokenResponse.ofRefresh(ports.clock.now(), previous))
      .map(({ access }) => O.map(witness.handedOut)(access))
      .unwrapOr(O.none)
  } else {
    witness.frontIsDead(O.getOrElse(() => 'in no pool')(Account.claimsOf(previous).email))
  }
  return noteSpending(
    ports,
    layout,
  )(previous.refresh)
    .orElse(() => okAsync(undefined))
    .map(() => reply)
}

/** As it came: of a sign-in that only the issuer and the official CLI know of. */
const passOn = (
  { layout, ports, seams }: Door,
  path: string,
  timeMax: Millis,
  body: string,
): Answered =>
  inRefreshLane(ports, layout, (lease) =>
    lease
      .confirm(timeMax)
      .andThen(() => askIssuer(ports)(jsonRequest(`${seams.issuer}${path}`, body)))
      .map(({ status, text }) => Replies.text(status, 'application/json', text)),
  )

const jsonRequest = (url: string, body: string): TokenResponse.TokenRequest => ({
  ...{ method: 'POST', url, body },
  headers: [['content-type', 'application/json']],
})
