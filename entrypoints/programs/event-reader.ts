/** The events of a stream as its pieces come by. */
import { createParser } from 'eventsource-parser'
import { isFields, type Fields } from '../../core/request/fields'
import { parseJson } from '../../core/result'

export interface EventReader {
  readonly read: (piece: Uint8Array) => void
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
