/**
 * What was last seen of an account's quota, and when. Unknown is not zero: an account without a
 * snapshot, or without a window, has one nobody has told us of.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { optional } from '../codec'
import { day, hour, minute, second, since, type Instant, type Millis } from '../time'
import * as Plan from './plan'
import * as Window from './window'

/** What told of it: an answer's headers, an event of its stream, the backend when asked, a refusal. */
export type Source = 'headers' | 'stream' | 'usage' | 'refusal'

export interface Snapshot {
  readonly windows: ReadonlyArray<Window.Window>
  readonly observedAt: Instant
  readonly source: Source
  /** It may have been told before the windows were, as not everything that tells of those names it. */
  readonly plan: O.Option<Plan.Told>
}

/** What an account of which nothing is known counts as: half full. */
const unknownShare = 0.5

/** Below this share of its tightest window an account comes after all others. */
export const reserveShare = 0.05

/** The share left in the tightest window, from 0 to 1. */
export const tightest =
  (now: Instant) =>
  (snapshot: O.Option<Snapshot>): number => {
    const windows = windowsOf(snapshot)
    let least = windows.length === 0 ? unknownShare : Infinity
    for (const window of windows) least = Math.min(least, Window.leftAt(now, window))
    return least
  }

/**
 * The head-room of the tightest window in plan units: 1 is a whole window of the plus plan, so that
 * a tenth of a large plan counts for what it is worth.
 */
export const headRoom =
  (now: Instant, plan: O.Option<string>) =>
  (snapshot: O.Option<Snapshot>): number => {
    const capacity = Plan.capacityOf(plan)
    const windows = windowsOf(snapshot)
    let least = windows.length === 0 ? unknownShare * Plan.unitsIn(capacity, 'five-hour') : Infinity
    for (const window of windows)
      least = Math.min(least, Window.leftAt(now, window) * Plan.unitsIn(capacity, window.kind))
    return least
  }

const noWindows: ReadonlyArray<Window.Window> = []

const windowsOf = (snapshot: O.Option<Snapshot>): ReadonlyArray<Window.Window> =>
  snapshot._tag === 'None' ? noWindows : snapshot.value.windows

/** The exhausted window that resets last: it decides until when the account is out. */
export const longestExhausted =
  (now: Instant) =>
  (snapshot: Snapshot): O.Option<Window.Window> => {
    const exhausted = snapshot.windows.filter(Window.isExhausted(now))
    const resetOf = (window: Window.Window): Instant => O.getOrElse(() => 0)(window.resetsAt)
    return O.fromNullable(
      exhausted.reduce<Window.Window | undefined>(
        (last, window) => (last === undefined || resetOf(window) > resetOf(last) ? window : last),
        undefined,
      ),
    )
  }

/** The windows there are, the shortest first. */
const lengths: ReadonlyArray<Millis> = [5 * hour, 7 * day, 30 * day]

/**
 * As a refusal tells it: the window that resets then is spent, and nothing is said of the others. A
 * window that is not known by its reset is the shortest that can last so long.
 */
export const spentUntil =
  (resetsAt: Instant, now: Instant) =>
  (known: O.Option<Snapshot>): Snapshot => {
    const windows = windowsOf(known)
    const span = since(now, resetsAt)
    const length = lengths.find((one) => span <= one + minute) ?? span
    const isIt = (window: Window.Window): boolean =>
      O.isSome(window.resetsAt) && Math.abs(since(window.resetsAt.value, resetsAt)) < minute
    const it = windows.find(isIt) ?? windows.find((window) => window.length === length)
    const spent = Window.make(it?.length ?? length, 100, O.some(resetsAt))
    return {
      windows:
        it === undefined
          ? [...windows, spent]
          : windows.map((window) => (window === it ? spent : window)),
      observedAt: now,
      source: 'refusal',
      plan: planIn(known),
    }
  }

const planIn = (known: O.Option<Snapshot>): O.Option<Plan.Told> =>
  O.isSome(known) ? known.value.plan : O.none

/** As an answer tells it that names the plan and may say nothing of the windows. */
export const withPlan =
  (plan: Plan.Told) =>
  (known: O.Option<Snapshot>): Snapshot => ({
    ...O.getOrElse((): Snapshot => ({
      windows: [],
      observedAt: plan.at,
      source: 'refusal',
      plan: O.none,
    }))(known),
    plan: Plan.newest(planIn(known), O.some(plan)),
  })

/** How often the same quota is worth telling again, so that its age stays true. */
const notedFor = 10 * second

/** Whether it says more than `known` does: another share, reset or plan, or the same much later. */
export const isNews =
  (known: Snapshot) =>
  (next: Snapshot): boolean =>
    since(known.observedAt, next.observedAt) >= notedFor ||
    known.windows.length !== next.windows.length ||
    isOtherPlan(known.plan, next.plan) ||
    next.windows.some((window, index) => {
      const before = known.windows[index]
      return before === undefined || !isSameWindow(before, window)
    })

const isOtherPlan = (known: O.Option<Plan.Told>, next: O.Option<Plan.Told>): boolean =>
  O.isSome(next) && !(O.isSome(known) && known.value.name === next.value.name)

/** Resets that are told as a span from now differ by what the answer took. */
const isSameWindow = (left: Window.Window, right: Window.Window): boolean =>
  left.length === right.length &&
  left.usedPercent === right.usedPercent &&
  (O.isSome(left.resetsAt) && O.isSome(right.resetsAt)
    ? Math.abs(since(left.resetsAt.value, right.resetsAt.value)) < minute
    : O.isSome(left.resetsAt) === O.isSome(right.resetsAt))

export const newest = (left: Snapshot, right: Snapshot): Snapshot => ({
  ...(right.observedAt >= left.observedAt ? right : left),
  plan: Plan.newest(left.plan, right.plan),
})

const sourceForm = t.keyof({ headers: null, stream: null, usage: null, refusal: null })

export const storedForm = t.intersection(
  [
    t.type({ updatedAt: t.number, windows: t.array(Window.storedForm) }),
    t.partial({
      source: optional(sourceForm),
      planType: optional(t.string),
      planToldAt: optional(t.number),
    }),
  ],
  'Quota',
)

export const ofStored = (stored: t.TypeOf<typeof storedForm>): Snapshot => ({
  windows: stored.windows.map(Window.ofStored),
  observedAt: stored.updatedAt,
  source: stored.source ?? 'headers',
  plan: Plan.told(stored.planToldAt ?? stored.updatedAt)(stored.planType),
})

export const toStored = ({
  observedAt,
  plan,
  source,
  windows,
}: Snapshot): t.TypeOf<typeof storedForm> => ({
  updatedAt: observedAt,
  source,
  windows: windows.map(Window.toStored),
  ...(O.isSome(plan) ? { planType: plan.value.name, planToldAt: plan.value.at } : {}),
})
