/** One event of a stream: what it says of the request, before the commit point and after it. */
import * as t from 'io-ts'
import { decode } from '../result'
import * as ErrorBody from './error-body'
import * as Verdict from './verdict'

export type Judgement =
  /** It shows nothing. */
  | { readonly _tag: 'Undecided' }
  | { readonly _tag: 'Good' }
  | { readonly _tag: 'Failed'; readonly failure: ErrorBody.ErrorBody }

/** In the text of each event that fails a turn or tells of quota, and of few others. */
export const mark = /codex\.rate_limits|response\.(?:failed|incomplete)|"type"\s*:\s*"error"/

/** Events that say a turn is under way and show nothing; any other one is taken to show something. */
const silentTypes: ReadonlyArray<string> = [
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.metadata',
  'response.content_part.added',
  'codex.rate_limits',
  'keepalive',
]
/** Items that show nothing: a message once it is only announced, and reasoning but for its summary. */
const silentItems: ReadonlyArray<readonly [type: string, item: string]> = [
  ['response.output_item.added', 'message'],
  ['response.output_item.added', 'reasoning'],
  ['response.output_item.done', 'reasoning'],
]

/** Of an event, and of the item in one. */
const typeForm = t.type({ type: t.string }, 'Typed')
const partsForm = t.partial({ item: t.unknown, response: t.unknown }, 'EventParts')

const typeOf = (json: unknown): string | undefined =>
  decode(typeForm)(json).match(
    ({ type }) => type,
    () => undefined,
  )

const partsOf = (event: unknown): t.TypeOf<typeof partsForm> =>
  decode(partsForm)(event).unwrapOr({})

/** Of an event's payload. */
export const judge = (event: unknown): Judgement => {
  const type = typeOf(event)
  // Clients skip what they cannot read, so it shows nothing.
  if (type === undefined || silentTypes.includes(type)) return { _tag: 'Undecided' }
  if (type === 'response.failed')
    return { _tag: 'Failed', failure: ErrorBody.ofJson(partsOf(event).response) }
  if (type === 'response.incomplete') return ofIncomplete(partsOf(event).response)
  if (type === 'error') return { _tag: 'Failed', failure: ErrorBody.ofJson(event) }
  const items = silentItems.filter(([of]) => of === type)
  return items.length > 0 && items.some(([, item]) => item === typeOf(partsOf(event).item))
    ? { _tag: 'Undecided' }
    : { _tag: 'Good' }
}

const incompleteForm = t.partial({ incomplete_details: t.unknown, error: t.unknown }, 'Incomplete')
const detailsForm = t.partial({ reason: t.string, message: t.string }, 'IncompleteDetails')

/** An answer that a limit has ended is a refusal; one that ended otherwise is an answer. */
const ofIncomplete = (response: unknown): Judgement => {
  const parts: t.TypeOf<typeof incompleteForm> = decode(incompleteForm)(response).unwrapOr({})
  const details: t.TypeOf<typeof detailsForm> = decode(detailsForm)(
    parts.incomplete_details,
  ).unwrapOr({})
  const told = ErrorBody.ofJson({ error: parts.error })
  const failure: ErrorBody.ErrorBody = {
    ...told,
    code: told.code === '' ? (details.reason ?? '') : told.code,
    message: told.message === '' ? (details.message ?? '') : told.message,
  }
  return Verdict.isLimit(failure)
    ? { _tag: 'Failed', failure: { ...failure, code: limitCode(failure) } }
    : { _tag: 'Good' }
}

/** A limit that is told in words alone. */
const limitCode = ({ code }: ErrorBody.ErrorBody): string =>
  Verdict.isLimit({ ...ErrorBody.none, code }) ? code : 'usage_limit_reached'
