/**
 * The runtime state shared by the user's processes, as one process sees it.
 *
 * What is observed counts here at once and reaches the disk a moment later, in batches, so that no
 * request waits for it. What others observed is read when the file's stamp has changed.
 */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import type { Layout } from '../../core/storage/layout'
import * as RuntimeState from '../../core/storage/runtime-state'
import { second, type Millis } from '../../core/time'
import type { FileError } from '../../ports/file-system'
import type { LockError } from '../../ports/lock'
import * as FileStamp from './file-stamp'
import type { Ports } from './ports'

export interface Runtime {
  readonly current: () => Promise<RuntimeState.RuntimeState>
  readonly observe: (observation: RuntimeState.Observation) => void
  /** Writes what is still in hand. */
  readonly flush: () => ResultAsync<void, never>
}

/** Long enough to take a burst in one write, short enough that a session that ends loses nothing. */
const batchFor: Millis = 50
const terms = { waitMax: 2 * second, expiresAfter: 5 * second }

export const openRuntime = (
  ports: Pick<Ports, 'files' | 'lock' | 'clock'>,
  layout: Layout,
): Runtime => {
  let known = RuntimeState.empty
  let stamp: FileStamp.Seen = O.none
  let pending: ReadonlyArray<RuntimeState.Observation> = []
  let isScheduled = false

  /** Volatile: what cannot be read is as good as unknown. */
  const current = async (): Promise<RuntimeState.RuntimeState> => {
    const seen = await ports.files.stamp(layout.runtimeState)
    if (seen.isErr() || FileStamp.isSame(seen.value, stamp)) return known
    const read = await readBoth(ports, layout)
    return read.isErr() ? known : adopt(read.value.state, seen.value)
  }

  const adopt = (
    state: RuntimeState.RuntimeState,
    seen: FileStamp.Seen,
  ): RuntimeState.RuntimeState => {
    stamp = seen
    known = applyAll(pending, state)
    return known
  }

  const write = (): ResultAsync<void, LockError> =>
    ports.files.ensureFolder(layout.runtime).andThen(() =>
      ports.lock.holding(layout.runtimeLock, terms, () =>
        readBoth(ports, layout).andThen(({ state, stateText, quotaText }) => {
          if (RuntimeState.isFromTheFuture(stateText)) return okAsync(undefined)
          const batch = pending
          const changed = applyAll(batch, state)
          return ports.files
            .replaceVolatile(layout.quota, RuntimeState.printQuota(changed, quotaText))
            .andThen(() =>
              ports.files.replaceVolatile(
                layout.runtimeState,
                RuntimeState.print(changed, ports.clock.now()),
              ),
            )
            .andThen(() => ports.files.stamp(layout.runtimeState))
            .map((seen) => {
              pending = pending.slice(batch.length)
              adopt(changed, seen)
            })
        }),
      ),
    )

  const flush = (): ResultAsync<void, never> =>
    pending.length === 0 ? okAsync(undefined) : write().orElse(() => okAsync(undefined))

  const observe = (observation: RuntimeState.Observation): void => {
    if (!RuntimeState.isNews(observation)(known)) return
    known = RuntimeState.apply(observation)(known)
    pending = [...pending, observation].slice(-pendingMax)
    if (isScheduled) return
    isScheduled = true
    void ports.clock
      .sleep(batchFor, { lazy: true })
      .andThen(() => {
        isScheduled = false
        return flush()
      })
      .unwrapOr(undefined)
  }

  return { current, observe, flush }
}

/** Takes out all that is remembered of an account that is gone. */
export const forgetInRuntime =
  (ports: Pick<Ports, 'files' | 'lock' | 'clock'>, layout: Layout) =>
  (account: Account.Account): ResultAsync<void, LockError> =>
    readBoth(ports, layout).andThen((seen) =>
      seen.stateText === '' && seen.quotaText === ''
        ? okAsync(undefined)
        : ports.files.ensureFolder(layout.runtime).andThen(() =>
            ports.lock.holding(layout.runtimeLock, terms, () =>
              readBoth(ports, layout).andThen(({ state, stateText, quotaText }) => {
                if (RuntimeState.isFromTheFuture(stateText)) return okAsync(undefined)
                const left = RuntimeState.forget(Account.key(account))(state)
                const quota = RuntimeState.withoutForeignQuota(
                  account.identity.accountId,
                  account.email,
                )(quotaText)
                return ports.files
                  .replaceVolatile(layout.quota, RuntimeState.printQuota(left, quota))
                  .andThen(() =>
                    ports.files.replaceVolatile(
                      layout.runtimeState,
                      RuntimeState.print(left, ports.clock.now()),
                    ),
                  )
              }),
            ),
          ),
    )

/** What a disk that takes no writes can make us hold. */
const pendingMax = 1_000

const applyAll = (
  observations: ReadonlyArray<RuntimeState.Observation>,
  state: RuntimeState.RuntimeState,
): RuntimeState.RuntimeState =>
  observations.reduce((before, observation) => RuntimeState.apply(observation)(before), state)

const readBoth = (ports: Pick<Ports, 'files'>, layout: Layout) =>
  textOf(ports, layout.runtimeState).andThen((stateText) =>
    textOf(ports, layout.quota).map((quotaText) => ({
      stateText,
      quotaText,
      state: RuntimeState.parse(stateText, quotaText),
    })),
  )

const textOf = (ports: Pick<Ports, 'files'>, path: string): ResultAsync<string, FileError> =>
  ports.files
    .read(path)
    .orElse((error) => (error._tag === 'NotFound' ? okAsync('') : errAsync(error)))
