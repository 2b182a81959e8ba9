/** A body that arrives bit by bit: pieces, waits, and the ways a connection can go wrong. */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type { Clock } from '../../../ports/clock'
import type { Body, HttpError } from '../../../ports/http'
import { day, type Millis } from '../../../core/time'
import type { Ending, Place } from './behaviour'
import * as Events from './events'

export type Step =
  | { readonly _tag: 'Piece'; readonly text: string }
  | { readonly _tag: 'Wait'; readonly span: Millis }
  | { readonly _tag: 'Silence' }
  | { readonly _tag: 'Cut' }

/** Longer than any client waits. */
export const silenceMax: Millis = day

const broken: HttpError = { _tag: 'Broken', host: 'upstream', code: 'ECONNRESET' }

/** `closing` ends a silence: an upstream that closes leaves no timer behind. */
export const body = (
  clock: Pick<Clock, 'sleep'>,
  closing: AbortSignal,
  steps: ReadonlyArray<Step>,
): Body => {
  const cancelled = new AbortController()
  const isOver = () => closing.aborted || cancelled.signal.aborted
  const sleep = (span: Millis, lazy: boolean) =>
    clock.sleep(span, { signal: AbortSignal.any([closing, cancelled.signal]), lazy })
  const encoder = new TextEncoder()
  let at = 0
  const next = (): ResultAsync<O.Option<Uint8Array>, HttpError> => {
    const step = steps[at]
    at += 1
    if (isOver()) return errAsync(broken)
    if (step === undefined) return okAsync(O.none)
    switch (step._tag) {
      case 'Piece':
        return okAsync(O.some(encoder.encode(step.text)))
      case 'Wait':
        return sleep(step.span, false).andThen(next)
      case 'Silence':
        return sleep(silenceMax, true).andThen(() => errAsync(broken))
      case 'Cut':
        return errAsync(broken)
    }
  }
  return {
    next,
    cancel: () => {
      cancelled.abort()
    },
  }
}

/** The events in full, `pace` between two of them. */
export const whole = (events: ReadonlyArray<Events.Event>, pace: Millis): ReadonlyArray<Step> =>
  events.flatMap((event, number): ReadonlyArray<Step> => {
    const piece = { _tag: 'Piece', text: Events.text(event, number) } as const
    return pace > 0 && number > 0 ? [{ _tag: 'Wait', span: pace }, piece] : [piece]
  })

const countBefore = (events: ReadonlyArray<Events.Event>, place: Place): number => {
  if (typeof place === 'number') return place
  const first = events.findIndex((event) => event.shows)
  const shown = first < 0 ? events.length - 1 : first
  switch (place) {
    case 'start':
      return 0
    case 'before-output':
      return shown
    case 'after-output':
      return shown + 1
    case 'end':
      return events.length
  }
}

const endOf = (events: ReadonlyArray<Events.Event>, ending: Ending): Events.Event | Step | null => {
  switch (ending._tag) {
    case 'Cut':
      return { _tag: 'Cut' }
    case 'Silence':
      return { _tag: 'Silence' }
    case 'Stop':
      return null
    case 'Failed':
      return Events.failed(events, ending.code, ending.message)
    case 'ErrorEvent':
      return Events.error(ending.code, ending.message)
    case 'Incomplete':
      return Events.incomplete(events, ending.reason)
  }
}

const waitBefore = (ending: Ending): ReadonlyArray<Step> =>
  ending._tag === 'Cut' && ending.after > 0 ? [{ _tag: 'Wait', span: ending.after }] : []

/** The events up to a place, then the ending. */
export const broke = (
  events: ReadonlyArray<Events.Event>,
  at: Place,
  ending: Ending,
): ReadonlyArray<Step> => {
  const head = events.slice(0, countBefore(events, at))
  const end = endOf(events, ending)
  if (end === null) return whole(head, 0)
  return '_tag' in end ? [...whole(head, 0), ...waitBefore(ending), end] : whole([...head, end], 0)
}
