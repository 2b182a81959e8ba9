/**
 * The ports the proxy listens on. The official CLI keys its model cache by the base URL, so a user
 * has sixteen pairs that stay the same from run to run; a process takes the first that is free.
 */
import * as t from 'io-ts'
import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import { decode, parseJson } from '../../../core/result'
import type { Layout } from '../../../core/storage/layout'
import type { ListenError, Listener } from '../../../ports/http-server'
import type { Ports } from '../../programs/ports'

export type Pair = readonly [chatgpt: number, model: number]
type Listen = (port: number) => ResultAsync<Listener, ListenError>

const pairsCount = 16
/** Below the ranges systems draw outgoing ports from. */
const firstPort = 20_000
const lastPort = 32_000

const form = t.type({ version: t.literal(1), pairs: t.array(t.tuple([t.number, t.number])) })

/** Two listeners on the first free pair of the user's, else on any two free ports. */
export const listenOnPair = (
  ports: Pick<Ports, 'files' | 'random'>,
  layout: Layout,
  listen: readonly [Listen, Listen],
): ResultAsync<readonly [Listener, Listener], ListenError> =>
  pairsOf(ports, layout).andThen((pairs) => firstFree([...pairs, [0, 0]], listen))

const firstFree = (
  [pair, ...others]: ReadonlyArray<Pair>,
  listen: readonly [Listen, Listen],
): ResultAsync<readonly [Listener, Listener], ListenError> => {
  const [chatgpt, model] = pair ?? [0, 0]
  return listen[0](chatgpt)
    .andThen((first) =>
      listen[1](model)
        .map((second): readonly [Listener, Listener] => [first, second])
        .orElse((error) => first.close().andThen(() => errAsync(error))),
    )
    .orElse((error) => (others.length === 0 ? errAsync(error) : firstFree(others, listen)))
}

const pairsOf = (
  ports: Pick<Ports, 'files' | 'random'>,
  layout: Layout,
): ResultAsync<ReadonlyArray<Pair>, never> =>
  read(ports, layout)
    .orElse(() => {
      const text = `${JSON.stringify({ version: 1, pairs: drawn(ports.random.fraction()) })}\n`
      // Of two processes that draw at once one is second, and reads what the first wrote.
      return ports.files
        .ensureFolder(layout.runtime)
        .andThen(() => ports.files.create(layout.ports, text))
        .orElse(() => okAsync(undefined))
        .andThen(() => read(ports, layout))
    })
    .orElse(() => okAsync([]))

const read = (
  ports: Pick<Ports, 'files'>,
  layout: Layout,
): ResultAsync<ReadonlyArray<Pair>, unknown> =>
  ports.files.read(layout.ports).andThen((text) =>
    parseJson(text)
      .andThen(decode(form))
      .map(({ pairs }) => pairs),
  )

const drawn = (draw: number): ReadonlyArray<Pair> => {
  const first = firstPort + 2 * Math.floor((draw * (lastPort - firstPort)) / 2)
  return Array.from({ length: pairsCount }, (_, index): Pair => [
    first + 2 * index,
    first + 2 * index + 1,
  ])
}
