/**
 * Compaction: a model request whose answer takes the place of the conversation so far. That answer is
 * encrypted for the account that gave it and is the only copy (protocol.md, section 3), so from then
 * on the conversation is bound to that account.
 */
import * as O from 'fp-ts/Option'
import { parseJson } from '../result'
import { isFields, listOf, textOf, type Fields } from './fields'
import * as Headers from './headers'

/** The official CLI says it in a header, beside a body that is packed. */
export const isAskedInHeaders = (headers: Headers.Headers): boolean => {
  const metadata = Headers.get('x-codex-turn-metadata')(headers)
  return (
    O.isSome(metadata) &&
    parseJson(metadata.value).match(
      (told) => isFields(told) && textOf(told['request_kind']) === 'compaction',
      () => false,
    )
  )
}

export const isAskedInBody = (body: unknown): boolean => {
  const last = isFields(body) ? listOf(body['input']).at(-1) : undefined
  return isFields(last) && textOf(last['type']) === 'compaction_trigger'
}

/** In the text of any such event. */
export const mark = /compaction/

/** Whether the event of an answer brings it. */
export const isIn = ({ item, type }: Fields): boolean =>
  type === 'response.output_item.done' && isFields(item) && textOf(item['type']) === 'compaction'
