/**
 * What the proxy answers with: everything behind its two listeners. Most of its code is needed by the
 * first request only, so it is a chunk of its own that is loaded while Codex starts.
 */
import * as O from 'fp-ts/Option'
import { ResultAsync } from 'neverthrow'
import * as Conversation from '../../../../core/request/conversation'
import * as Discovery from '../../../../core/official/discovery'
import * as Endpoint from '../../../../core/official/endpoint'
import * as Headers from '../../../../core/request/headers'
import * as Layout from '../../../../core/storage/layout'
import type { Reply, ServerRequest } from '../../../../ports/http-server'
import type { Ports } from '../../../programs/ports'
import { route } from '../../../programs/route'
import type { RouteRequest } from '../../../programs/route-request'
import { openRefresh, openRouter, type Router } from '../../../programs/router'
import { openSettings } from '../../../programs/settings'
import type { ProxyTerms } from '../../proxy-face'
import type { Engine } from '../proxy'
import { isForeign, openAdmission, type Admission } from './admission'
import { openAnnouncer } from '../../../programs/announcer'
import * as Replies from './replies'
import { openTokenEndpoint, type TokenEndpoint } from './token-endpoint'
import { openWitness } from '../../../programs/witness'

export type EnginePorts = Pick<
  Ports,
  'files' | 'lock' | 'clock' | 'random' | 'hash' | 'http' | 'compression' | 'process' | 'watcher'
> & { readonly terminal: Pick<Ports['terminal'], 'say'> }

/** As large as the official CLI's largest request with images, and then some. */
const bodyBytesMax = 64 * 1024 * 1024
/** Token requests are some 10 kB. */
const tokenBytesMax = 256 * 1024

interface Door {
  readonly router: Router
  readonly admission: Admission
  readonly tokens: TokenEndpoint
  /** What a request without a conversation of its own belongs to: this run of the CLI. */
  readonly ambient: Conversation.Conversation
}

export const openEngine =
  (ports: EnginePorts) =>
  ({ environment, kind, layout, seams, store, strict }: ProxyTerms): ResultAsync<Engine, never> => {
    const isQuiet = environment['CODEX_MULTI_AUTH_QUIET'] === '1'
    const say = isQuiet ? () => undefined : ports.terminal.say
    const announcer = openAnnouncer(say, kind === 'terminal', O.isSome(strict))
    const witness = openWitness(ports, layout, announcer)
    const admission = openAdmission(ports, layout, store)
    const ambient = Conversation.ambient(ports.process.self().pid)
    const terms = { layout, seams, environment, strict, witness: witness.ofRequests }
    return openRouter(ports, terms).map(({ router, guard, close }) => {
      // A sign-in asks for nothing but its end.
      if (kind !== 'sign-in') {
        guard()
        // Both are read while Codex starts, which takes longer.
        admission.prepare()
        void router.world.look(O.none, O.none).unwrapOr(undefined)
      }
      // The sign-in of the CLI lives together with the user's pool, whichever pool serves.
      const user = Layout.ofUser(layout)
      const refresh = Layout.isOfProject(layout)
        ? openRefresh(ports, user, seams, openSettings(ports, user, environment))
        : router.refresh
      const tokens = openTokenEndpoint(ports, user, seams, refresh, {
        handedOut: admission.handedOut,
        frontIsDead: announcer.frontIsDead,
      })
      return {
        answer: answering({ router, admission, tokens, ambient }),
        close: () => ResultAsync.combine([close(), witness.close()]).map(() => announcer.close()),
      }
    })
  }

const answering =
  (door: Door) =>
  (request: ServerRequest): ResultAsync<Reply, never> =>
    ResultAsync.fromSafePromise(answer(door, request))

const answer = async (door: Door, request: ServerRequest): Promise<Reply> => {
  const endpoint = Endpoint.of(request.method, request.target, request.isUpgrade)
  if (isForeign(request)) return Replies.forbidden
  switch (endpoint._tag) {
    case 'Unknown':
      return Replies.unknownPath
    case 'Token':
      return withText(door, request, door.tokens.token)
    case 'Revoke':
      return withText(door, request, door.tokens.revoke)
    case 'ModelSocket':
      return Replies.useHttp
    case 'Discovery':
    case 'Model':
    case 'Backend':
      if (!(await door.admission.admits(request))) return Replies.forbidden
      return endpoint._tag === 'Discovery' ? discovery(request) : routed(door, request, endpoint)
  }
}

/** Whose tokens are in the body shows who asks. */
const withText = async (
  { admission }: Door,
  request: ServerRequest,
  use: (text: string, admitsUnknown: () => Promise<boolean>) => ResultAsync<Reply, never>,
): Promise<Reply> => {
  const pieces = await request.read(tokenBytesMax)
  if (pieces.isErr()) return Replies.tooLarge
  const decoder = new TextDecoder()
  const text = pieces.value.map((piece) => decoder.decode(piece, { stream: true })).join('')
  return use(text, () => admission.admitsUnknown(request)).unwrapOr(Replies.badRequest)
}

const discovery = (request: ServerRequest): Reply => {
  const accountId = Headers.get('chatgpt-account-id')(request.headers)
  return O.isNone(accountId)
    ? Replies.badRequest
    : Replies.text(200, 'application/json', Discovery.minimalAnswer(accountId.value))
}

const routed = async (
  door: Door,
  request: ServerRequest,
  endpoint: Extract<Endpoint.Endpoint, { readonly _tag: 'Model' | 'Backend' }>,
): Promise<Reply> => {
  const body = await request.read(bodyBytesMax)
  if (body.isErr()) return Replies.tooLarge
  const asked: RouteRequest = {
    purpose: endpoint._tag === 'Model' ? 'model' : 'other',
    client: 'official',
    method: request.method,
    path: endpoint.path,
    headers: request.headers,
    body: body.value,
    conversation: O.some(O.getOrElse(() => door.ambient)(Conversation.ofHeaders(request.headers))),
    gone: request.gone,
  }
  const answered = await route(door.router)(asked)
  return answered.isErr() ? Replies.poolUnreadable : { _tag: 'Reply', ...answered.value }
}
