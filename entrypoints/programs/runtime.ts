/**
 * The runtime state shared by the user's processes, as one process sees it.
 *
 * What is observed counts here at once and reaches the disk a moment later, in batches, so that no
 * request waits for it. What others observed is read when the file's stamp has changed.
 */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import type { AccountKey } from '../../core/accounts/identity'
import type { Layout } from '../../core/storage/layout'
import * as ProcessFile from '../../core/storage/process-file'
import * as RuntimeFile from '../../core/storage/runtime-file'
import * as RuntimeState from '../../core/storage/runtime-state'
import { second, type Millis } from '../../core/time'
import type { FileError } from '../../ports/file-system'
import type { LockError } from '../../ports/lock'
import { isOf, sweep } from './drafts'
import * as FileStamp from './file-stamp'
import type { Ports } from './ports'

export interface Runtime {
  readonly current: () => Promise<RuntimeState.RuntimeState>
  readonly observe: (observation: RuntimeState.Observation) => void
  /** Writes what is still in hand. */
  readonly flush: () => ResultAsync<void, never>
}

/** Long enough to take a burst in one write, short enough that other processes know soon. */
const batchFor: Millis = 200
const terms = { waitMax: 2 * second, expiresAfter: 5 * second }

export const openRuntime = (
  ports: Pick<Ports, 'files' | 'lock' | 'clock'>,
  layout: Layout,
): Runtime => {
  const readSwept = openReading(ports, layout)
  let known = RuntimeState.empty
  let stamp: FileStamp.Seen = O.none
  let pending: ReadonlyArray<RuntimeState.Observation> = []
  /** Observed, and neither counted nor compared with what is known: a request waits for neither. */
  let unsettled: Array<RuntimeState.Observation> = []
  let isScheduled = false
  let adoptions = 0

  /** Volatile: what cannot be read is as good as unknown. */
  const current = async (): Promise<RuntimeState.RuntimeState> => {
    const seen = await ports.files.stamp(layout.runtimeState)
    if (seen.isErr() || FileStamp.isSame(seen.value, stamp)) return settle()
    const before = adoptions
    const read = await readBoth(ports, layout)
    // What was written meanwhile, or read by another, may be newer than this.
    return read.isErr() || adoptions !== before ? settle() : adopt(read.value.state, seen.value)
  }

  /** Counts what was observed since somebody last looked. */
  const settle = (): RuntimeState.RuntimeState => {
    const news = unsettled.filter((one) => RuntimeState.isNews(one)(known))
    // What comes after news may take it back, so it counts whatever was known before.
    const all = news[0] === undefined ? news : unsettled.slice(unsettled.indexOf(news[0]))
    unsettled = []
    if (all.length === 0) return known
    known = RuntimeState.applyAll(all)(known)
    pending = [...pending, ...all].slice(-pendingMax)
    return known
  }

  const adopt = (
    state: RuntimeState.RuntimeState,
    seen: FileStamp.Seen,
  ): RuntimeState.RuntimeState => {
    adoptions += 1
    stamp = seen
    known = RuntimeState.applyAll(pending)(state)
    return settle()
  }

  const write = (): ResultAsync<void, LockError> =>
    ports.files.ensureFolder(layout.runtime).andThen(() =>
      ports.lock.holding(layout.runtimeLock, terms, () =>
        readSwept().andThen((read) => {
          if (RuntimeFile.isFromTheFuture(read.stateText)) return okAsync(undefined)
          const batch = pending
          const changed = RuntimeState.applyAll(batch)(read.state)
          return replaceBoth(ports, layout, changed, read.quotaText).map((seen) => {
            const written = new Set(batch)
            // By what was written, not by how much: the oldest may have been dropped meanwhile.
            pending = pending.filter((one) => !written.has(one))
            adopt(changed, seen)
          })
        }),
      ),
    )

  const flush = (): ResultAsync<void, never> => {
    settle()
    return pending.length === 0 ? okAsync(undefined) : write().orElse(() => okAsync(undefined))
  }

  const observe = (observation: RuntimeState.Observation): void => {
    unsettled.push(observation)
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
        : rewrite(ports, layout, ({ quotaText, state }) => ({
            state: RuntimeState.forget(Account.key(account))(state),
            quotaText: RuntimeFile.withoutForeignQuota(
              account.identity.accountId,
              account.email,
            )(quotaText),
          })),
    )

/** Takes out the cooldowns and the quota of accounts, so that they are asked again. */
export const clearLimits =
  (ports: Pick<Ports, 'files' | 'lock' | 'clock'>, layout: Layout) =>
  (accounts: ReadonlyArray<AccountKey>): ResultAsync<void, LockError> =>
    rewrite(ports, layout, ({ quotaText, state }) => ({
      state: RuntimeState.withoutLimits(accounts, ports.clock.now())(state),
      quotaText,
    }))

interface Stored {
  readonly state: RuntimeState.RuntimeState
  readonly quotaText: string
}

/** One change to what is stored. */
const rewrite = (
  ports: Pick<Ports, 'files' | 'lock' | 'clock'>,
  layout: Layout,
  change: (stored: Stored) => Stored,
): ResultAsync<void, LockError> =>
  ports.files.ensureFolder(layout.runtime).andThen(() =>
    ports.lock.holding(layout.runtimeLock, terms, () =>
      readBoth(ports, layout).andThen((read) => {
        if (RuntimeFile.isFromTheFuture(read.stateText)) return okAsync(undefined)
        const { quotaText, state } = change(read)
        return replaceBoth(ports, layout, state, quotaText).map(() => undefined)
      }),
    ),
  )

/**
 * Under the lock; the first time without the drafts that the killed have left. A process that lives may be
 * at its own file, or at the note of a refresh: both count for a moment, and can be lost. What cannot be
 * removed stays.
 */
const openReading = (
  ports: Pick<Ports, 'files'>,
  layout: Layout,
): (() => ReturnType<typeof readBoth>) => {
  let isSwept = false
  return () => {
    if (isSwept) return readBoth(ports, layout)
    isSwept = true
    const swept = (folder: string, isOurs: (draft: string) => boolean) =>
      sweep(ports, folder, isOurs).orElse(() => okAsync([]))
    return swept(layout.root, isOf(layout.quota))
      .andThen(() => swept(layout.runtime, isOfRuntime(layout)))
      .andThen(() => readBoth(ports, layout))
  }
}

const isOfRuntime = (layout: Layout): ((draft: string) => boolean) => {
  const isShared = isOf(layout.runtimeState, layout.ports, layout.lastRefresh)
  return (draft) => isShared(draft) || ProcessFile.isDraft(draft.slice(layout.runtime.length + 1))
}

/** What a disk that takes no writes can make us hold. */
const pendingMax = 1_000

const readBoth = (ports: Pick<Ports, 'files'>, layout: Layout) =>
  textOf(ports, layout.runtimeState).andThen((stateText) =>
    textOf(ports, layout.quota).map((quotaText) => ({
      stateText,
      quotaText,
      state: RuntimeFile.parse(stateText, quotaText),
    })),
  )

const replaceBoth = (
  { files, clock }: Pick<Ports, 'files' | 'clock'>,
  layout: Layout,
  state: RuntimeState.RuntimeState,
  quotaBefore: string,
): ResultAsync<FileStamp.Seen, FileError> =>
  files
    .replaceVolatile(layout.quota, RuntimeFile.printQuota(state, quotaBefore))
    .andThen(() =>
      files.replaceVolatile(layout.runtimeState, RuntimeFile.print(state, clock.now())),
    )
    .andThen(() => files.stamp(layout.runtimeState))

const textOf = (ports: Pick<Ports, 'files'>, path: string): ResultAsync<string, FileError> =>
  ports.files
    .read(path)
    .orElse((error) => (error._tag === 'NotFound' ? okAsync('') : errAsync(error)))
