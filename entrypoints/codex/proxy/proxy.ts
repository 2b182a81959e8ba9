/**
 * The loopback proxy between the official CLI and its backend, in the wrapper's own process: two
 * listeners, since two origins keep the CLI from sending model requests past us (protocol.md,
 * section 5). It is gone with the process and leaves nothing behind.
 */
import { err, okAsync, ResultAsync, type Result } from 'neverthrow'
import type { Layout } from '../../../core/storage/layout'
import type { ListenError, Reply, ServerRequest } from '../../../ports/http-server'
import type { Ports } from '../../programs/ports'
import type { RunningProxy } from '../proxy-face'
import { listenOnPair } from './listen-ports'

/** What answers the requests that the listeners take. */
export interface Engine {
  readonly answer: (request: ServerRequest) => ResultAsync<Reply, never>
  /** Writes what is still in hand, and says what is left to say. */
  readonly close: () => ResultAsync<void, never>
}

export const startProxy = (
  ports: Pick<Ports, 'files' | 'lock' | 'random' | 'server'>,
  layout: Layout,
  openEngine: () => ResultAsync<Engine, never>,
): ResultAsync<RunningProxy, ListenError> => {
  let opened: ResultAsync<Engine, never> | undefined
  const engine = (): ResultAsync<Engine, never> => (opened ??= openEngine())
  // Awaited, not chained: each request comes by here, and what a chain leaves behind outlives it.
  const answered = async (request: ServerRequest): Promise<Result<Reply, never>> => {
    const made = await engine()
    return made.isErr() ? err(made.error) : made.value.answer(request)
  }
  const listen = (port: number) =>
    ports.server.listen(
      { host: '127.0.0.1', port },
      (request) => new ResultAsync(answered(request)),
    )
  return listenOnPair(ports, layout, [listen, listen]).map(([chatgpt, model]) => ({
    chatgptPort: chatgpt.port,
    modelPort: model.port,
    warm: () => void engine().unwrapOr(undefined),
    close: () =>
      ResultAsync.combine([chatgpt.close(), model.close()])
        .andThen(() => opened ?? okAsync(noEngine))
        .andThen(({ close }) => close()),
  }))
}

/** Nobody asked for anything. */
const noEngine: Pick<Engine, 'close'> = { close: () => okAsync(undefined) }
