/**
 * The backend: it knows its bearers, and refuses what it is asked in every way there is, as the dice
 * fall. Each answer is told with the account it was for, so that what a request makes of it can be judged.
 */
import * as O from 'fp-ts/Option'
import type { Dice } from '../../adapters/memory/dice'
import type { Scripted, Sent } from '../../adapters/memory/network'
import * as Headers from '../../core/request/headers'
import { minute, second, type Instant, type Millis } from '../../core/time'
import type { Account } from '../../entrypoints/embed/testing/people'
import * as Refusal from '../../entrypoints/embed/testing/refusal'
import type { Bearer } from '../../entrypoints/embed/testing/tokens'
import type { Verdict } from './ledger'

/** Says which request of a run is sent: it passes through as any header that nobody knows. */
export const requestHeader = 'x-simulated-request'

/** Says who sends, told by the simulation's own wire: no program knows of it. */
export const senderHeader = 'x-simulated-process'

export interface Outcome {
  readonly verdict: Verdict
  /** Of a thousand. */
  readonly weight: number
  readonly answer: (now: Instant, account: Account) => Scripted
  /** For so long the account is not to be asked by this request again. */
  readonly restsFor?: Millis
  /** The sign-in is over for good. */
  readonly isEnd?: boolean
}

/** What came of one try. */
export interface Try {
  readonly process: string
  readonly request: string
  readonly account: string
  /** None where the answer was good, or the bearer is refused as it is. */
  readonly verdict: Verdict | undefined
  /** The answer was good. */
  readonly isGood: boolean
  /** The sign-in is over. */
  readonly isEnd: boolean
  readonly restsUntil: Instant
}

export interface BackendTerms {
  readonly throwDice: Dice
  readonly now: () => Instant
  readonly count: (what: Verdict) => void
  readonly bearer: (accessToken: string) => O.Option<Bearer>
  readonly endSignIn: (accessToken: string) => void
  readonly onTry: (tried: Try) => void
}

const refusing = ({ status, headers, body }: Refusal.Refusal): Scripted => ({
  ...{ _tag: 'Answer', status, headers, pieces: [body] },
})

const stream = (...events: ReadonlyArray<object>): Scripted => ({
  _tag: 'Answer',
  status: 200,
  headers: [['content-type', 'text/event-stream']],
  pieces: events.map((event) => `data: ${JSON.stringify(event)}\n\n`),
})

const failing = (code: string): Scripted =>
  stream(
    { type: 'response.created', response: { id: 'resp_1' } },
    { type: 'response.failed', response: { id: 'resp_1', error: { code, message: code } } },
  )

const good = stream(
  { type: 'response.output_text.delta', delta: 'hi' },
  { type: 'response.completed', response: { id: 'resp_1' } },
)
const cutByLimit = stream(
  { type: 'response.output_text.delta', delta: 'hi' },
  {
    type: 'response.incomplete',
    response: { id: 'resp_1', incomplete_details: { reason: 'usage_limit_reached' } },
  },
)

const textIn = (scripted: Scripted): string =>
  scripted._tag === 'Answer' ? (scripted.pieces ?? []).join('') : ''

export const goodText = textIn(good)
/** Of an answer that a limit has ended, which the client gets as it is. */
export const limitedText = textIn(cutByLimit)

const untilReset = 30 * minute

/** What the backend may say in the place of an answer, and what it is taken for. */
export const outcomes: ReadonlyArray<Outcome> = [
  {
    verdict: 'limited for a moment',
    weight: 45,
    answer: () => refusing(Refusal.rateLimited(second)),
    restsFor: second,
  },
  {
    verdict: 'limited until a reset',
    weight: 30,
    answer: (now, { plan }) =>
      refusing(Refusal.usageLimitReached({ plan, now, resetsAt: now + untilReset }, [])),
    restsFor: untilReset,
  },
  {
    verdict: 'limited in a stream',
    weight: 20,
    answer: () => failing('usage_limit_reached'),
    restsFor: minute,
  },
  {
    verdict: 'limited after output',
    weight: 15,
    answer: () => cutByLimit,
    restsFor: minute,
  },
  {
    verdict: 'credential refused',
    weight: 20,
    answer: () => refusing(Refusal.unauthorized('token_expired')),
  },
  {
    verdict: 'sign-in lost',
    weight: 10,
    answer: () => refusing(Refusal.unauthorized('token_revoked')),
    isEnd: true,
  },
  {
    verdict: 'account barred',
    weight: 15,
    answer: () => refusing(Refusal.deactivatedWorkspace),
  },
  {
    verdict: 'model refused',
    weight: 10,
    answer: () => refusing(Refusal.unsupportedModel('gpt-5.5')),
  },
  {
    verdict: 'foreign reasoning',
    weight: 15,
    answer: () => refusing(Refusal.foreignContent('gAAA')),
  },
  {
    verdict: 'request refused',
    weight: 15,
    answer: () => refusing(Refusal.contextTooLong),
  },
  { verdict: 'server fault', weight: 40, answer: () => refusing(Refusal.serverFault(500)) },
  { verdict: 'fault in a stream', weight: 20, answer: () => failing('server_error') },
  { verdict: 'connection broken', weight: 20, answer: () => ({ _tag: 'Reset' }) },
  {
    verdict: 'host fault',
    weight: 15,
    answer: () => ({ _tag: 'Unreachable', code: 'ENOTFOUND' }),
  },
]

const drawn = (throwDice: Dice): Outcome | undefined => {
  let left = throwDice() * 1_000
  return outcomes.find(({ weight }) => (left -= weight) < 0)
}

const headerOf = (name: string, { headers }: Sent): string =>
  O.getOrElse(() => '')(Headers.get(name)(headers))

export const bearerIn = (request: Sent): string =>
  headerOf('authorization', request).replace('Bearer ', '')

export const backend =
  ({ bearer, count, endSignIn, now, onTry, throwDice }: BackendTerms) =>
  (request: Sent): Scripted => {
    if (request.method === 'GET') return refusing(Refusal.detail(404, 'Not Found'))
    const token = bearerIn(request)
    const known = bearer(token)
    if (O.isNone(known)) return refusing(Refusal.unknownBearer)
    const { account, refusal } = known.value
    const process = headerOf(senderHeader, request)
    const tried = { process, request: headerOf(requestHeader, request), account: account.key }
    const told = { ...tried, verdict: undefined, isGood: false, isEnd: false, restsUntil: 0 }
    if (O.isSome(refusal)) {
      onTry(told)
      return refusing(Refusal.unauthorized(refusal.value))
    }
    const outcome = drawn(throwDice)
    if (outcome === undefined) {
      onTry({ ...told, isGood: true })
      return good
    }
    const { isEnd = false, restsFor = 0, verdict } = outcome
    count(verdict)
    if (isEnd) endSignIn(token)
    onTry({ ...told, verdict, isEnd, restsUntil: now() + restsFor })
    return outcome.answer(now(), account)
  }
