/**
 * The ports the proxy listens on. The official CLI keys its model cache by the base URL, so a user
 * has sixteen pairs that stay the same from run to run; a process takes the first that is free.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import { decode, parseJson } from '../../../core/result'
import type { Layout } from '../../../core/storage/layout'
import { second } from '../../../core/time'
import type { FileError } from '../../../ports/file-system'
import type { ListenError, Listener } from '../../../ports/http-server'
import type { Ports } from '../../programs/ports'

export type Pair = readonly [chatgpt: number, model: number]
type PairPorts = Pick<Ports, 'files' | 'lock' | 'random'>
type Listen = (port: number) => ResultAsync<Listener, ListenError>

const pairsCount = 16
/** Below the ranges systems draw outgoing ports from. */
const firstPort = 20_000
const lastPort = 32_000

/** Held for one write. */
const terms = { waitMax: 2 * second, expiresAfter: 5 * second }

const form = t.type({ version: t.literal(1), pairs: t.array(t.tuple([t.number, t.number])) })
const versionForm = t.type({ version: t.number })

/** Two listeners on the first free pair of the user's, else on any two free ports. */
export const listenOnPair = (
  ports: PairPorts,
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

const pairsOf = (ports: PairPorts, layout: Layout): ResultAsync<ReadonlyArray<Pair>, never> =>
  read(ports, layout)
    .andThen((seen) => (O.isSome(seen) ? okAsync(seen.value) : draw(ports, layout)))
    .orElse(() => okAsync([]))

/** Of two processes that draw at once one is second, and reads what the first wrote. */
const draw = (ports: PairPorts, layout: Layout): ResultAsync<ReadonlyArray<Pair>, unknown> =>
  ports.files.ensureFolder(layout.runtime).andThen(() =>
    ports.lock.holding(layout.runtimeLock, terms, () =>
      read(ports, layout).andThen((seen) => {
        if (O.isSome(seen)) return okAsync(seen.value)
        const pairs = drawn(ports.random.fraction())
        const text = `${JSON.stringify({ version: 1, pairs })}\n`
        return ports.files.replaceVolatile(layout.ports, text).map(() => pairs)
      }),
    ),
  )

/** None without a file, or with a damaged one, which is drawn anew. */
const read = (ports: Pick<Ports, 'files'>, layout: Layout): ResultAsync<Pairs, FileError> =>
  ports.files
    .read(layout.ports)
    .map(pairsIn)
    .orElse((error) => (error._tag === 'NotFound' ? okAsync(O.none) : errAsync(error)))

type Pairs = O.Option<ReadonlyArray<Pair>>

const pairsIn = (text: string): Pairs => {
  const json = parseJson(text)
  const version = json.andThen(decode(versionForm)).map((file) => file.version)
  // A file of a newer version is left alone, and has no pair that we know of.
  if (version.isOk() && version.value > 1) return O.some([])
  return json.andThen(decode(form)).match(
    ({ pairs }) => (pairs.flat().every(isPort) ? O.some(pairs) : O.none),
    () => O.none,
  )
}

const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65_536

const drawn = (draw: number): ReadonlyArray<Pair> => {
  const first = firstPort + 2 * Math.floor((draw * (lastPort - firstPort)) / 2)
  return Array.from({ length: pairsCount }, (_, index): Pair => [
    first + 2 * index,
    first + 2 * index + 1,
  ])
}
