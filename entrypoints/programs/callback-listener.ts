/**
 * The listener a browser comes back to, on one of the two ports the issuer knows. It ends at the
 * issuer's answer, at a later sign-in's wish, or when whoever opened it closes it.
 */
import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import * as Authorization from '../../core/auth/authorization'
import * as Callback from '../../core/auth/callback'
import { second, type Millis } from '../../core/time'
import type { HttpLimits } from '../../ports/http'
import type { ListenError, Listener, Reply, ServerRequest } from '../../ports/http-server'
import { once, type Once } from './once'
import type { Ports } from './ports'

export interface NoCallbackPort {
  readonly _tag: 'NoCallbackPort'
  readonly ports: ReadonlyArray<number>
  readonly because: ListenError
}

/** A callback that ends the sign-in, well or not. */
export type Final = Extract<Callback.Callback, { readonly _tag: 'Code' | 'Refused' | 'Cancelled' }>

/** A callback that ends nothing, and that the person should hear of. */
export type Stray = Extract<Callback.Callback, { readonly _tag: 'WrongState' | 'MissingCode' }>

export interface Door {
  readonly authorization: Authorization.Authorization
  readonly final: Once<Final>
  /** What the browser that brought the code gets to see; it waits for that. */
  readonly page: Once<Callback.Page>
  readonly listener: Listener
}

type DoorPorts = Pick<Ports, 'server' | 'http' | 'clock'>

/** Tries the first port, then the second; each may be held by a sign-in that nobody finished. */
export const openDoor = (
  ports: DoorPorts,
  authorize: (port: number) => Authorization.Authorization,
  tell: (stray: Stray) => void,
): ResultAsync<Door, NoCallbackPort> => {
  const [first, next] = Authorization.ports
  const at = (port: number): ResultAsync<Door, ListenError> => {
    const authorization = authorize(port)
    const waits = { final: once<Final>(), page: once<Callback.Page>() }
    const answer = answerOf(authorization.state, waits, tell)
    return takePort(ports, port, answer).map((listener) => ({ ...waits, authorization, listener }))
  }
  return at(first)
    .orElse(() => at(next))
    .mapErr((because) => ({ _tag: 'NoCallbackPort', ports: [first, next], because }))
}

type Answer = (request: ServerRequest) => ResultAsync<Reply, never>

const answerOf =
  (
    state: string,
    { final, page }: Pick<Door, 'final' | 'page'>,
    tell: (stray: Stray) => void,
  ): Answer =>
  (request) => {
    const callback = Callback.of(state)(request)
    switch (callback._tag) {
      case 'Code':
        final.settle(callback)
        return page.settled.map(replyOf)
      case 'Refused':
      case 'Cancelled':
        final.settle(callback)
        return okAsync(replyOf(Callback.pageOf(callback)))
      case 'WrongState':
      case 'MissingCode':
        tell(callback)
        return okAsync(replyOf(Callback.pageOf(callback)))
      case 'WrongMethod':
      case 'NotFound':
        return okAsync(replyOf(Callback.pageOf(callback)))
    }
  }

const replyOf = ({ status, headers, text }: Callback.Page): Reply => ({
  _tag: 'Reply',
  status,
  headers,
  body: new TextEncoder().encode(text),
})

/** How often, and for how long each time, a port is waited for after its owner was asked to go. */
const patience = { tries: 10, pause: 0.2 * second }

const takePort = (
  ports: DoorPorts,
  port: number,
  answer: Answer,
): ResultAsync<Listener, ListenError> => {
  const listen = () => ports.server.listen({ host: '127.0.0.1', port }, answer)
  const again = (left: number): ResultAsync<Listener, ListenError> =>
    ports.clock
      .sleep(patience.pause)
      .andThen(listen)
      .orElse((error) =>
        error._tag === 'PortTaken' && left > 1 ? again(left - 1) : errAsync(error),
      )
  return listen().orElse((error) =>
    error._tag === 'PortTaken'
      ? askToGo(ports, port).andThen(() => again(patience.tries))
      : errAsync(error),
  )
}

const brief: Millis = second
const limits: HttpLimits = { connectMax: brief, firstByteMax: brief, stallMax: brief }

/** The holder may be anything: what it answers, and whether, does not matter. */
const askToGo = (ports: Pick<Ports, 'http'>, port: number): ResultAsync<void, never> =>
  ports.http
    .send({
      method: 'GET',
      url: `http://127.0.0.1:${port}${Callback.cancelPath}`,
      headers: [],
      body: [],
      limits,
    })
    .map((answer) => answer.body.cancel())
    .orElse(() => okAsync(undefined))
