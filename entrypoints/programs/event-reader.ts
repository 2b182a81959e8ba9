/** The events of a stream as its pieces come by. */
import { createParser } from 'eventsource-parser'
import * as O from 'fp-ts/Option'
import { isFields, type Fields } from '../../core/request/fields'
import { parseJson } from '../../core/result'
import type { Body } from '../../ports/http'

export interface EventReader {
  readonly read: (piece: Uint8Array) => void
}

/** The same body; `onEvent` hears what it says as it comes by. */
export const overheard = (body: Body, onEvent: (event: Fields) => void): Body => {
  const reader = openEventReader(onEvent)
  return {
    next: () =>
      body.next().map((piece) => {
        if (O.isSome(piece)) reader.read(piece.value)
        return piece
      }),
    cancel: body.cancel,
  }
}

/** In characters; an event that is longer is passed over. */
const eventMax = 16 * 1024 * 1024
/** Of an end of an event, less its last character. */
const tailMax = 3

/**
 * Reads the events alone that have one of `marks` in their text. The others cost a look, which counts
 * where every piece of every answer comes by.
 */
export const openEventSieve = (
  marks: ReadonlyArray<RegExp>,
  onEvent: (event: Fields) => void,
): EventReader => {
  const decoder = new TextDecoder()
  const parser = createParser({ onEvent: hearing(onEvent) })
  /** The event under way, its length, and its last characters, with which its end may begin. */
  let open: Array<string> = []
  let length = 0
  let tail = ''
  const hold = (text: string): void => {
    length += text.length
    if (length > eventMax) open = []
    else open.push(text)
    tail = (tail + text).slice(-tailMax)
  }
  return {
    read: (piece) => {
      const text = decoder.decode(piece, { stream: true })
      if (endOfEvents(tail + text) === 0) return hold(text)
      const events = open.join('') + text
      const end = endOfEvents(events)
      const whole = events.slice(0, end)
      if (marks.some((mark) => mark.test(whole))) parser.feed(whole)
      open = []
      length = 0
      tail = ''
      hold(events.slice(end))
    },
  }
}

/** Where the last event that has ended ends. */
const endOfEvents = (text: string): number =>
  // Most pieces are whole events.
  text.endsWith('\n\n') ? text.length : Math.max(endAt(text, '\n\n'), endAt(text, '\r\n\r\n'))

const endAt = (text: string, end: string): number => {
  const at = text.lastIndexOf(end)
  return at === -1 ? 0 : at + end.length
}

/** What cannot be read is skipped, as clients do. */
export const openEventReader = (onEvent: (event: Fields) => void): EventReader => {
  const decoder = new TextDecoder()
  const parser = createParser({ onEvent: hearing(onEvent) })
  return { read: (piece) => parser.feed(decoder.decode(piece, { stream: true })) }
}

const hearing =
  (onEvent: (event: Fields) => void) =>
  ({ data }: { readonly data: string }): void => {
    const event = parseJson(data).unwrapOr(undefined)
    if (isFields(event)) onEvent(event)
  }
