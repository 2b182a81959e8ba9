/**
 * Every way the upstream can fail, where in its answer it does, and what the other accounts do
 * meanwhile: what the client must get, how often each account is asked, and what holds it back
 * afterwards. Data alone; the tests of each door play it.
 */
import { hour, second, type Millis } from '../../core/time'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import * as Sealed from '../../entrypoints/embed/testing/sealed'

/** Whose fault it is, and so what becomes of the request. */
export type Means =
  /** An answer for the client, whatever ends it; `held`, where that tells of a limit. */
  | { readonly _tag: 'Serves'; readonly end: End; readonly held: State }
  /** The same from every account, so the client gets it from the first. */
  | { readonly _tag: 'Request'; readonly status: number; readonly code: string }
  | { readonly _tag: 'Limit'; readonly held: Held }
  | { readonly _tag: 'Credential' }
  | { readonly _tag: 'SignInLost'; readonly code: string }
  /** `rests` is how long the account does once another has answered. */
  | { readonly _tag: 'Fault'; readonly code: string; readonly rests: Millis }
  | { readonly _tag: 'Model' }

/** `completed` has its last event; what is only `ended` has not, and `failed` says so itself. */
export type End = 'completed' | 'incomplete' | 'failed' | 'ended' | 'cut'

export type Place = 'before headers' | 'before the first event' | 'before output' | 'after output'

/** What a request may bring that only an account which is not here can read. */
export type Foreign = 'reasoning' | 'turn state'

export interface Way {
  readonly name: string
  readonly place: Place
  readonly does: Behaviour.Behaviour
  readonly means: Means
  readonly brings?: Foreign
}

/** What holds an account back, and for how many seconds; a lost sign-in holds it for good. */
export interface Held {
  readonly by: string
  readonly seconds: number
}

export type Answer =
  /** By the account of that number, from 0. */
  | { readonly _tag: 'Served'; readonly by: number; readonly end: End }
  | { readonly _tag: 'PassedOn'; readonly status: number; readonly code: string }
  | { readonly _tag: 'Limited'; readonly seconds: number }
  | { readonly _tag: 'SignInNeeded' }
  | { readonly _tag: 'NoModel' }
  | { readonly _tag: 'BackendFails'; readonly code: string }

/** One that is asked in `rounds` is asked at least twice, as often as chance has it. */
export type Tried = number | 'rounds'

export type State = 'lost' | Held | undefined

export interface Outcome {
  readonly answer: Answer
  readonly tried: ReadonlyArray<Tried>
  readonly after: ReadonlyArray<State>
}

export interface Row extends Outcome {
  readonly name: string
  readonly pool: Pool
  readonly way: Way
  /** What each account does, always. */
  readonly does: ReadonlyArray<Behaviour.Behaviour>
}

const spent: Held = { by: 'rate-limited five-hour', seconds: 3_600 }
const busy = (seconds = 60): Held => ({ by: 'rate-limited', seconds })
const barred: Held = { by: 'workspace', seconds: 900 }

const limit = (held: Held): Means => ({ _tag: 'Limit', held })
const fault = (code: string, rests = 4 * second): Means => ({ _tag: 'Fault', code, rests })
const serves = (end: End, held?: State): Means => ({ _tag: 'Serves', end, held })
const request = (status: number, code: string): Means => ({ _tag: 'Request', status, code })

type Plain = readonly [name: string, does: Behaviour.Behaviour, means: Means]

const beforeHeaders: ReadonlyArray<Plain> = [
  ['429 usage limit', Behaviour.usageLimit(hour), limit(spent)],
  ['429 usage not included', Behaviour.usageNotIncluded, limit(barred)],
  ['429 without a hint', Behaviour.rateLimited(), limit(busy())],
  ['429 with retry-after', Behaviour.rateLimited(120 * second), limit(busy(120))],
  ['404 usage limit', Behaviour.usageLimitNotFound, limit(busy())],
  ['401 token expired', Behaviour.unauthorized('token_expired'), { _tag: 'Credential' }],
  ...(['token_invalidated', 'token_revoked', 'account_deactivated'] as const).map((code): Plain => [
    `401 ${code}`,
    Behaviour.unauthorized(code),
    { _tag: 'SignInLost', code },
  ]),
  ['402 deactivated workspace', Behaviour.deactivatedWorkspace, limit(barred)],
  ['403 bot check', Behaviour.challenge, fault('http_403')],
  [
    '403 unsupported country',
    Behaviour.unsupportedCountry,
    request(403, 'unsupported_country_region_territory'),
  ],
  ['400 too long a context', Behaviour.contextTooLong, request(400, 'context_length_exceeded')],
  ['400 unsupported model', Behaviour.unsupportedModel, { _tag: 'Model' }],
  ['500', Behaviour.serverFault(500), fault('http_500')],
  ['502', Behaviour.serverFault(502), fault('http_502')],
  ['503 with retry-after', Behaviour.serverFault(503, second), fault('http_503')],
  ['503 overloaded', Behaviour.overloaded, fault('http_503')],
  ['reset', Behaviour.reset, fault('ECONNRESET', 6 * second)],
  ['silence', Behaviour.silence, fault('timed_out_first-byte', 6 * second)],
  [
    'a page in place of a stream',
    Behaviour.noStream('<html>Sign in to the network</html>', 'text/html'),
    fault('no_stream'),
  ],
]

const places: ReadonlyArray<readonly [Place, Behaviour.Place]> = [
  ['before the first event', 'start'],
  ['before output', 'before-output'],
  ['after output', 'after-output'],
]

const endless = (at: Behaviour.Place): Means =>
  fault(at === 'start' ? 'stream_empty' : 'stream_cut')

/**
 * What it means before the commit point. After it the client has it, whatever it is, and of a limit
 * the next request knows.
 */
const inStream: ReadonlyArray<
  readonly [
    name: string,
    does: (at: Behaviour.Place) => Behaviour.Behaviour,
    before: Means | ((at: Behaviour.Place) => Means),
    after: End,
  ]
> = [
  ['cut', Behaviour.cut, endless, 'cut'],
  ['end', Behaviour.stops, endless, 'ended'],
  ['stall', Behaviour.stalls, endless, 'cut'],
  ...['usage_limit_reached', 'rate_limit_exceeded', 'insufficient_quota'].map(
    (code) =>
      [
        `failed with ${code}`,
        (at: Behaviour.Place) => Behaviour.failed(code, at),
        limit(busy()),
        'failed',
      ] as const,
  ),
  [
    'failed with a limit that says when to try again',
    (at) =>
      Behaviour.failed('rate_limit_exceeded', at, 'Rate limit reached. Please try again in 90s.'),
    limit(busy(90)),
    'failed',
  ],
  ...['server_is_overloaded', 'slow_down', 'server_error'].map(
    (code) =>
      [
        `failed with ${code}`,
        (at: Behaviour.Place) => Behaviour.failed(code, at),
        fault(code),
        'failed',
      ] as const,
  ),
  [
    'failed with invalid_prompt',
    (at) => Behaviour.failed('invalid_prompt', at),
    request(200, 'invalid_prompt'),
    'failed',
  ],
  [
    'an error event, usage_limit_reached',
    (at) => Behaviour.errorEvent('usage_limit_reached', at),
    limit(busy()),
    'failed',
  ],
  [
    'an error event, server_error',
    (at) => Behaviour.errorEvent('server_error', at),
    fault('server_error'),
    'failed',
  ],
  [
    'incomplete by a limit',
    (at) => Behaviour.incomplete('usage_limit_reached', at),
    limit(busy()),
    'incomplete',
  ],
  [
    'incomplete, too long',
    (at) => Behaviour.incomplete('max_output_tokens', at),
    serves('incomplete'),
    'incomplete',
  ],
]

const heldBy = (before: Means | ((at: Behaviour.Place) => Means)): Held | undefined =>
  typeof before !== 'function' && before._tag === 'Limit' ? before.held : undefined

/** The account could answer, had the request nothing foreign; what is left is served as if it had not. */
const foreign: ReadonlyArray<Way> = (['reasoning', 'turn state'] as const).map((brings) => ({
  ...{ name: `foreign ${brings}`, place: 'before headers', does: Behaviour.ok, brings },
  means: serves('completed'),
}))

export const ways: ReadonlyArray<Way> = [
  ...foreign,
  ...beforeHeaders.map(([name, does, means]): Way => ({
    name,
    place: 'before headers',
    does,
    means,
  })),
  ...inStream.flatMap(([name, does, before, after]) =>
    places.map(([place, at]): Way => ({
      ...{ name: `${name}, ${place}`, place, does: does(at) },
      means:
        at === 'after-output'
          ? serves(after, heldBy(before))
          : typeof before === 'function'
            ? before(at)
            : before,
    })),
  ),
  ...[
    ['good', Behaviour.ok] as const,
    ['a tool call', Behaviour.calls('shell', { command: 'ls' })] as const,
    ['slow to begin', Behaviour.slow(700)] as const,
  ].map(([name, does]): Way => ({ name, place: 'after output', does, means: serves('completed') })),
]

/** The request of a row, made of one that brings nothing. */
export const bringing = <A extends { readonly input: ReadonlyArray<object> }>(
  { brings }: Pick<Way, 'brings'>,
  body: A,
): { readonly body: A; readonly headers: ReadonlyArray<readonly [string, string]> } => {
  const sealed = (kind: 'reasoning' | 'turn') => Sealed.seal(kind, 'account-of-somebody-else', 1)
  const reasoning = { type: 'reasoning', summary: [], encrypted_content: sealed('reasoning') }
  return {
    body:
      brings === 'reasoning'
        ? { ...body, input: [...body.input.slice(0, -1), reasoning, ...body.input.slice(-1)] }
        : body,
    headers: brings === 'turn state' ? [['x-codex-turn-state', sealed('turn')]] : [],
  }
}

/** How often the upstream saw what it could not read: reasoning is known to be foreign once it is refused. */
export const foreignSeen = ({ brings }: Way): number => (brings === 'reasoning' ? 1 : 0)

/** What the other accounts do. */
export type Pool =
  'alone' | 'two healthy' | 'one healthy of six' | 'others limited' | 'others broken' | 'all'

const otherLimit: Held = { by: 'rate-limited five-hour', seconds: 7_200 }
const limited = Behaviour.usageLimit(2 * hour)
const broken = Behaviour.serverFault(500)

const poolOf: Readonly<
  Record<Pool, (does: Behaviour.Behaviour) => ReadonlyArray<Behaviour.Behaviour>>
> = {
  alone: (does) => [does],
  'two healthy': (does) => [does, Behaviour.ok, Behaviour.ok],
  'one healthy of six': (does) => [does, does, does, does, does, Behaviour.ok],
  'others limited': (does) => [does, limited, limited],
  'others broken': (does) => [does, broken, broken],
  all: (does) => [does, does, does],
}

const pools = Object.keys(poolOf) as ReadonlyArray<Pool>

/** In seconds: a minute from the first of three lost sign-ins, which are risked a second apart. */
const brake = 58
const lostMax = 3

/** What one account's fault leaves behind, and how often the account is asked before it is left. */
interface Left {
  readonly asked: number
  readonly state: State
  /** When it comes back by itself. */
  readonly back?: number
}

const leftBy = (means: Means): Left => {
  switch (means._tag) {
    case 'Limit':
      return { asked: 1, state: means.held, back: means.held.seconds }
    // Renewed once, and refused again.
    case 'Credential':
      return { asked: 2, state: { by: 'credential', seconds: 30 }, back: 30 }
    case 'SignInLost':
      return { asked: 1, state: 'lost' }
    case 'Fault':
      return { asked: 1, state: { by: 'provider', seconds: means.rests / second } }
    case 'Model':
    case 'Serves':
    case 'Request':
      return { asked: 1, state: undefined }
  }
}

const times = <A>(count: number, value: A): ReadonlyArray<A> => Array<A>(count).fill(value)

const padded = (size: number, states: ReadonlyArray<State>): ReadonlyArray<State> => [
  ...states,
  ...times(size - states.length, undefined),
]

const served = (by: number, end: End = 'completed'): Answer => ({ _tag: 'Served', by, end })

const outcomeOf = (way: Way, pool: Pool): Outcome => {
  const { means } = way
  const size = poolOf[pool](Behaviour.ok).length
  const first = (answer: Answer): Outcome => ({
    answer,
    tried: [1 + foreignSeen(way), ...times(size - 1, 0)],
    after: times(size, undefined),
  })
  if (means._tag === 'Serves')
    return { ...first(served(0, means.end)), after: padded(size, [means.held]) }
  if (means._tag === 'Request') {
    const { code, status } = means
    return first({ _tag: 'PassedOn', status, code })
  }
  const left = leftBy(means)
  switch (pool) {
    case 'two healthy':
      return { answer: served(1), tried: [left.asked, 1, 0], after: padded(size, [left.state]) }
    case 'one healthy of six':
      return means._tag === 'SignInLost'
        ? {
            answer: { _tag: 'Limited', seconds: brake },
            tried: [...times(lostMax, 1), 0, 0, 0],
            after: padded(size, times(lostMax, left.state)),
          }
        : {
            answer: served(5),
            tried: [...times(5, left.asked), 1],
            after: [...times(5, left.state), undefined],
          }
    case 'others limited':
      return means._tag === 'Fault'
        ? {
            answer: { _tag: 'BackendFails', code: means.code },
            tried: ['rounds', 1, 1],
            after: [undefined, otherLimit, otherLimit],
          }
        : {
            answer: { _tag: 'Limited', seconds: Math.min(left.back ?? Infinity, 7_200) },
            tried: [left.asked, 1, 1],
            after: [left.state, otherLimit, otherLimit],
          }
    case 'others broken':
      return {
        answer: { _tag: 'BackendFails', code: 'http_500' },
        tried: [means._tag === 'Fault' ? 'rounds' : left.asked, 'rounds', 'rounds'],
        after: padded(size, means._tag === 'Fault' ? [] : [left.state]),
      }
    case 'alone':
    case 'all':
      return nobodyLeft(means, left, size)
  }
}

const nobodyLeft = (means: Means, left: Left, size: number): Outcome => {
  if (means._tag === 'Fault')
    return {
      answer: { _tag: 'BackendFails', code: means.code },
      tried: times(size, 'rounds'),
      after: times(size, undefined),
    }
  const outcome = { tried: times(size, left.asked), after: times(size, left.state) }
  if (means._tag === 'Model') return { answer: { _tag: 'NoModel' }, ...outcome }
  return left.back === undefined
    ? { answer: { _tag: 'SignInNeeded' }, ...outcome }
    : { answer: { _tag: 'Limited', seconds: left.back }, ...outcome }
}

/** Silences are cut short, and renewals need not keep apart, so that a row takes no longer than it must. */
export const environment: Readonly<Record<string, string>> = {
  CODEX_AUTH_FETCH_TIMEOUT_MS: '1000',
  CODEX_AUTH_STREAM_STALL_TIMEOUT_MS: '1000',
  CODEX_AUTH_REFRESH_SPACING_MS: '0',
}

/** Nobody else is asked once the client has seen something, whatever the others do. */
const poolsFor = ({ brings, place }: Way): ReadonlyArray<Pool> =>
  place === 'after output' || brings !== undefined ? ['two healthy', 'all'] : pools

export const rows: ReadonlyArray<Row> = ways.flatMap((way) =>
  poolsFor(way).map((pool) => ({
    ...{ name: `${way.name}; ${pool}`, pool, way },
    does: poolOf[pool](way.does),
    ...outcomeOf(way, pool),
  })),
)

/** Whether an account can serve, had it been asked. */
export const isHealthy = (does: Behaviour.Behaviour): boolean => does === Behaviour.ok

/** What each account says: nobody else's words are like it, and the first of them is seen first. */
export const wordsOf = (number: number): string => `said-by-${number} and to the end`
