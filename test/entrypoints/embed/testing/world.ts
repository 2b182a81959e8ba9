/**
 * An upstream in a world of its own: simulated time, seeded dice, and calls handed to it directly.
 */
import * as O from 'fp-ts/Option'
import { okAsync, errAsync } from 'neverthrow'
import { memoryClock } from '../../../../adapters/memory/clock'
import { memoryHash } from '../../../../adapters/memory/hash'
import { memoryRandom } from '../../../../adapters/memory/random'
import { scheduler } from '../../../../adapters/memory/scheduler'
import * as Base64url from '../../../../entrypoints/embed/testing/base64url'
import {
  startUpstream,
  type Options,
  type Upstream,
} from '../../../../entrypoints/embed/testing/upstream'
import type { Account } from '../../../../entrypoints/embed/testing/people'
import type { HttpServer, Reply, ServerRequest } from '../../../../ports/http-server'
import type { Tokens } from '../../../../entrypoints/embed/testing/tokens'
import type { Millis } from '../../../../core/time'

export const clientId = 'app_EMoamEEZ73f0CkXaXp7hrann'

export interface Sent {
  readonly method?: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
  readonly isUpgrade?: boolean
}

/** `end`: whole, cut, or no answer at all. */
export interface Answer {
  readonly status: number
  readonly header: (name: string) => string
  readonly text: string
  readonly json: any
  readonly end: 'whole' | 'cut' | 'none'
  readonly tookMs: Millis
}

export interface World {
  readonly upstream: Upstream
  readonly send: (sent: Sent) => Promise<Answer>
  readonly now: () => number
  readonly pass: (span: Millis) => void
  readonly ann: Account
  readonly bob: Account
}

type Answering = (request: ServerRequest) => ReturnType<Parameters<HttpServer['listen']>[1]>

/** A network of direct calls: each port is the function that answers it. */
const directServer = () => {
  const ports = new Map<number, Answering>()
  const server: HttpServer = {
    listen: ({ port: asked }, answer) => {
      const port = asked === 0 ? 40_000 + ports.size : asked
      if (ports.has(port)) return errAsync({ _tag: 'PortTaken', port })
      ports.set(port, answer)
      return okAsync({
        port,
        close: () => {
          ports.delete(port)
          return okAsync(undefined)
        },
      })
    },
  }
  return { server, ports }
}

const bytesOf = (body: Uint8Array | string | undefined): Uint8Array =>
  typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? new Uint8Array())

const collected = async (reply: Reply): Promise<Pick<Answer, 'text' | 'end'>> => {
  if (reply._tag === 'Reset') return { text: '', end: 'none' }
  const decoder = new TextDecoder()
  if (reply.body instanceof Uint8Array) return { text: decoder.decode(reply.body), end: 'whole' }
  let text = ''
  for (;;) {
    const piece = await reply.body.next()
    if (piece.isErr()) return { text, end: 'cut' }
    if (O.isNone(piece.value)) return { text, end: 'whole' }
    text += decoder.decode(piece.value.value, { stream: true })
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const world = async (options: Options = {}): Promise<World> => {
  const time = scheduler(7)
  const { server, ports } = directServer()
  const own = time.process('upstream')
  const started = await startUpstream(
    {
      httpServer: server,
      clock: memoryClock(own),
      random: memoryRandom(own),
      hash: memoryHash(),
    },
    options,
  )
  const upstream = started._unsafeUnwrap()
  const send = async (sent: Sent): Promise<Answer> => {
    const { port, pathname, search } = new URL(sent.url)
    const answer = ports.get(Number(port))
    if (answer === undefined) throw new Error(`nobody listens on ${port}`)
    const began = time.now()
    const reply = (
      await answer({
        method: sent.method ?? 'GET',
        target: `${pathname}${search}`,
        headers: Object.entries(sent.headers ?? {}),
        isUpgrade: sent.isUpgrade ?? false,
        read: () => okAsync([bytesOf(sent.body)]),
        gone: new AbortController().signal,
        peerIsOurs: () => okAsync(O.some(true)),
      })
    )._unsafeUnwrap()
    const { text, end } = await collected(reply)
    const headers = new Map(reply._tag === 'Reply' ? reply.headers : [])
    return {
      status: reply._tag === 'Reply' ? reply.status : 0,
      header: (name) => headers.get(name) ?? '',
      text,
      json: parsed(text),
      end,
      tookMs: time.now() - began,
    }
  }
  const person = (email: string) => upstream.addPerson({ email }).accounts[0]
  return {
    upstream,
    send,
    now: time.now,
    pass: time.shiftClock,
    ann: person('ann@example.com'),
    bob: person('bob@example.com'),
  }
}

export const form = (fields: Readonly<Record<string, string>>) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
})

export const json = (value: unknown, headers: Readonly<Record<string, string>> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
})

export const refresh = ({ upstream, send }: World, refreshToken: string) =>
  send({
    url: upstream.tokenUrl,
    ...json({
      client_id: clientId,
      grant_type: 'refresh_token',
      refresh_reason: 'proactive_expiry',
      refresh_token: refreshToken,
    }),
  })

/** The least a model request holds. */
export const request = {
  model: 'gpt-5.5',
  instructions: 'Be brief.',
  input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }],
  stream: true,
  store: false,
  include: ['reasoning.encrypted_content'],
  prompt_cache_key: 'thread-1',
}

export const credentials = (tokens: Tokens, account: Account) => ({
  authorization: `Bearer ${tokens.accessToken}`,
  'chatgpt-account-id': account.accountId,
})

/** One model request of an account, with a fresh sign-in unless tokens are given. */
export const ask = (
  { upstream, send }: World,
  account: Account,
  change: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
) =>
  send({
    url: `${upstream.backend}/codex/responses`,
    ...json(
      { ...request, ...change },
      { ...credentials(upstream.signIn(account), account), ...headers },
    ),
  })

export interface StreamEvent {
  readonly type: string
  readonly [field: string]: any
}

/** The events of a stream, read as a client does. */
export const events = (text: string): ReadonlyArray<StreamEvent> =>
  text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => JSON.parse(block.slice(block.indexOf('\ndata: ') + 7)))

export const claims = (jwt: string): any => JSON.parse(Base64url.toText(jwt.split('.')[1] ?? ''))
