/**
 * A stream folded to the one response it builds, for callers that do not stream.
 *
 * The backend's terminal event may leave its `output` empty, so the items that arrived are put in.
 */
import * as ErrorBody from '../failover/error-body'
import { isFields, textOf, type Fields } from './fields'

export type Folded =
  | { readonly _tag: 'Response'; readonly response: Fields }
  | { readonly _tag: 'Failed'; readonly failure: ErrorBody.ErrorBody }

const endings: ReadonlyArray<string> = [
  'response.completed',
  'response.done',
  'response.incomplete',
]

export const isEnding = (event: Fields): boolean => endings.includes(textOf(event['type']))

/** The item that an event says is whole. */
export const itemOf = (event: Fields): Fields | undefined =>
  event['type'] === 'response.output_item.done' && isFields(event['item'])
    ? event['item']
    : undefined

export const itemsOf = (events: ReadonlyArray<Fields>): ReadonlyArray<Fields> =>
  events.map(itemOf).filter((item) => item !== undefined)

/** What an event says went wrong; undefined where it says nothing of the kind. */
export const failureOf = (event: Fields): ErrorBody.ErrorBody | undefined =>
  event['type'] === 'response.failed' || event['type'] === 'error'
    ? ErrorBody.ofJson(isFields(event['response']) ? event['response'] : event)
    : undefined

export const fold = (events: ReadonlyArray<Fields>): Folded => {
  const failure = events.map(failureOf).find((found) => found !== undefined)
  if (failure !== undefined) return { _tag: 'Failed', failure }
  const last = events.find(isEnding)
  if (last === undefined || !isFields(last['response']))
    return { _tag: 'Failed', failure: { ...ErrorBody.none, code: 'stream_cut' } }
  const { response } = last
  const arrived = itemsOf(events)
  const output = response['output']
  const isEmpty = !Array.isArray(output) || output.length === 0
  return { _tag: 'Response', response: isEmpty ? { ...response, output: arrived } : response }
}
