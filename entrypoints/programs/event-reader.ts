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

/** What cannot be read is skipped, as clients do. */
export const openEventReader = (onEvent: (event: Fields) => void): EventReader => {
  const decoder = new TextDecoder()
  const parser = createParser({
    onEvent: ({ data }) => {
      const event = parseJson(data).unwrapOr(undefined)
      if (isFields(event)) onEvent(event)
    },
  })
  return { read: (piece) => parser.feed(decoder.decode(piece, { stream: true })) }
}
