/**
 * `logs/decisions.jsonl`: a line for every decision and every end of a request, so that what served
 * and why can be read afterwards. No token and no e-mail; lines go in batches, and a disk that takes
 * none costs the lines alone.
 */
import { okAsync, type ResultAsync } from 'neverthrow'
import type { Layout } from '../../core/storage/layout'
import { iso, type Instant, type Millis } from '../../core/time'
import type { Ports } from './ports'

export interface DecisionLog {
  readonly add: (line: Line) => void
  readonly flush: () => ResultAsync<void, never>
}

const batchFor: Millis = 100
/** Two files of this size: the current one and the one before. */
const bytesMax = 1_000_000
export const olderOf = (path: string): string => `${path}.1`
const pendingMax = 1_000

type Line = Readonly<Record<string, unknown>>

interface Stamped {
  readonly at: Instant
  readonly line: Line
}

/** Made when the batch is written, as an answer may be waited for when the line is added. */
const written = ({ at, line }: Stamped): string => `${JSON.stringify({ at: iso(at), ...line })}\n`

/** The lines at the end that one file takes; of a batch that is larger the oldest are dropped. */
const newest = (
  lines: ReadonlyArray<string>,
): { readonly bytes: number; readonly text: string } => {
  let bytes = 0
  let first = lines.length
  while (first > 0) {
    const more = bytes + new TextEncoder().encode(lines[first - 1]).length
    if (more > bytesMax) break
    bytes = more
    first -= 1
  }
  return { bytes, text: lines.slice(first).join('') }
}

export const openDecisionLog = (
  ports: Pick<Ports, 'files' | 'clock'>,
  layout: Layout,
): DecisionLog => {
  let pending: Array<Stamped> = []
  let isScheduled = false
  let writing: ResultAsync<void, never> = okAsync(undefined)

  const write = (): ResultAsync<void, never> => {
    if (pending.length === 0) return okAsync(undefined)
    const { bytes, text } = newest(pending.map(written))
    pending = []
    return ports.files
      .ensureFolder(layout.logs)
      .andThen(() => rotate(ports, layout.decisions, bytes))
      .andThen(() => ports.files.append(layout.decisions, text))
      .orElse(() => okAsync(undefined))
  }
  /** One after the other, so that lines keep their order and the last flush ends with the last line. */
  const flush = (): ResultAsync<void, never> => {
    writing = writing.andThen(write)
    return writing
  }

  return {
    add: (line) => {
      pending.push({ at: ports.clock.now(), line })
      if (pending.length > pendingMax) pending.shift()
      if (isScheduled) return
      isScheduled = true
      void ports.clock
        .sleep(batchFor, { lazy: true })
        .andThen(() => {
          isScheduled = false
          return flush()
        })
        .unwrapOr(undefined)
    },
    flush,
  }
}

const rotate = (
  ports: Pick<Ports, 'files'>,
  path: string,
  more: number,
): ResultAsync<void, unknown> =>
  ports.files
    .stamp(path)
    .andThen((seen) =>
      seen._tag === 'Some' && seen.value.bytes + more > bytesMax
        ? ports.files.rename(path, olderOf(path))
        : okAsync(undefined),
    )
