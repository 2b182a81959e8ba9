/**
 * One answer of the model as server-sent events, in the order of the real stream.
 *
 * `shows` marks what a client would show or act on: text, a reasoning summary, a tool call. The
 * first such event is where a router may no longer change its mind.
 */
import type { ToolCall, Turn, Usage } from './behaviour'

export interface Event {
  readonly type: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly shows: boolean
}

export interface Stamp {
  readonly model: string
  /** Makes ids of this answer's parts; unique in the upstream. */
  readonly id: (prefix: string) => string
  /** Sealed content of a reasoning item, null when the client did not ask for it. */
  readonly sealedReasoning: string | null
}

type Item = Readonly<Record<string, unknown>>

interface Part {
  readonly item: Item
  /** Between the item's `added` and its `done`. */
  readonly inside: (place: Place) => ReadonlyArray<Event>
  /** Whether the item alone, before anything inside it, is to be shown. */
  readonly shows: boolean
}

interface Place {
  readonly item_id: unknown
  readonly output_index: number
}

const event = (type: string, payload: Item, shows = false): Event => ({
  type,
  payload: { type, ...payload },
  shows,
})

/** Words with the space behind them. */
const pieces = (text: string): ReadonlyArray<string> => text.match(/\s*\S+\s*/g) ?? [text]

const reasoning = (turn: Turn, stamp: Stamp): Part => {
  const text = turn.reasoningSummary
  const part = { type: 'summary_text', text }
  return {
    shows: false,
    item: {
      id: stamp.id('rs'),
      type: 'reasoning',
      summary: text === '' ? [] : [part],
      ...(stamp.sealedReasoning === null ? {} : { encrypted_content: stamp.sealedReasoning }),
    },
    inside: (place) => {
      if (text === '') return []
      const at = { ...place, summary_index: 0 }
      return [
        event('response.reasoning_summary_part.added', { ...at, part: { ...part, text: '' } }),
        ...pieces(text).map((delta) =>
          event('response.reasoning_summary_text.delta', { ...at, delta }, true),
        ),
        event('response.reasoning_summary_text.done', { ...at, text }),
        event('response.reasoning_summary_part.done', { ...at, part }),
      ]
    },
  }
}

const message = (text: string, stamp: Stamp): Part => {
  const part = { type: 'output_text', text, annotations: [] }
  return {
    shows: false,
    item: {
      id: stamp.id('msg'),
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [part],
    },
    inside: (place) => {
      const at = { ...place, content_index: 0 }
      return [
        event('response.content_part.added', { ...at, part: { ...part, text: '' } }),
        ...pieces(text).map((delta) => event('response.output_text.delta', { ...at, delta }, true)),
        event('response.output_text.done', { ...at, text }),
        event('response.content_part.done', { ...at, part }),
      ]
    },
  }
}

const call = (tool: ToolCall, stamp: Stamp): Part => {
  const shared = { call_id: stamp.id('call'), name: tool.name, status: 'completed' }
  if (tool._tag === 'Custom')
    return {
      shows: true,
      item: { id: stamp.id('ctc'), type: 'custom_tool_call', ...shared, input: tool.input },
      inside: (place) => [
        event('response.custom_tool_call_input.delta', { ...place, delta: tool.input }, true),
        event('response.custom_tool_call_input.done', { ...place, input: tool.input }),
      ],
    }
  const given = JSON.stringify(tool.arguments)
  return {
    shows: true,
    item: { id: stamp.id('fc'), type: 'function_call', ...shared, arguments: given },
    inside: (place) => [
      event('response.function_call_arguments.delta', { ...place, delta: given }, true),
      event('response.function_call_arguments.done', { ...place, arguments: given }),
    ],
  }
}

/** As the item looks when it begins. */
const begun = (item: Item): Item => ({
  ...item,
  ...('status' in item ? { status: 'in_progress' } : {}),
  ...('content' in item ? { content: [] } : {}),
  ...('summary' in item ? { summary: [] } : {}),
  ...('arguments' in item ? { arguments: '' } : {}),
  ...('input' in item ? { input: '' } : {}),
})

const eventsOf = (part: Part, index: number): ReadonlyArray<Event> => {
  const at = { output_index: index }
  return [
    event('response.output_item.added', { ...at, item: begun(part.item) }, part.shows),
    ...part.inside({ ...at, item_id: part.item['id'] }),
    event('response.output_item.done', { ...at, item: part.item }),
  ]
}

const usagePayload = (usage: Usage) => ({
  input_tokens: usage.input,
  input_tokens_details: { cached_tokens: usage.cached },
  output_tokens: usage.output,
  output_tokens_details: { reasoning_tokens: usage.reasoning },
  total_tokens: usage.input + usage.output,
})

const framed = (parts: ReadonlyArray<Part>, usage: Usage, stamp: Stamp): ReadonlyArray<Event> => {
  const response = { id: stamp.id('resp'), object: 'response', model: stamp.model, error: null }
  const started = { response: { ...response, status: 'in_progress', output: [] } }
  const output = parts.map((part) => part.item)
  return [
    event('response.created', started),
    event('response.in_progress', started),
    ...parts.flatMap(eventsOf),
    event('response.completed', {
      response: { ...response, status: 'completed', output, usage: usagePayload(usage) },
    }),
  ]
}

export const ofTurn = (turn: Turn, stamp: Stamp): ReadonlyArray<Event> => {
  const parts = [
    reasoning(turn, stamp),
    ...(turn.text === '' ? [] : [message(turn.text, stamp)]),
    ...turn.calls.map((tool) => call(tool, stamp)),
  ]
  return framed(parts, turn.usage, stamp)
}

/** The answer to a `compaction_trigger`: exactly one item. */
export const ofCompaction = (sealed: string, usage: Usage, stamp: Stamp): ReadonlyArray<Event> => {
  const item = { id: stamp.id('cmp'), type: 'compaction', encrypted_content: sealed }
  return framed([{ item, inside: () => [], shows: false }], usage, stamp)
}

/** The id of the response these events are of. */
const responseId = (events: ReadonlyArray<Event>): unknown => {
  const response = events[0]?.payload['response']
  return typeof response === 'object' && response !== null && 'id' in response
    ? response.id
    : 'resp_sim'
}

export const failed = (events: ReadonlyArray<Event>, code: string, message: string): Event =>
  event('response.failed', {
    response: {
      id: responseId(events),
      object: 'response',
      status: 'failed',
      error: { code, message },
      output: [],
    },
  })

export const error = (code: string, message: string): Event =>
  event('error', { code, message, param: null, error: { type: code, code, message, param: null } })

export const incomplete = (events: ReadonlyArray<Event>, reason: string): Event =>
  event('response.incomplete', {
    response: {
      id: responseId(events),
      object: 'response',
      status: 'incomplete',
      incomplete_details: { reason },
      output: [],
    },
  })

/** The event on the wire; `number` counts up through a stream. */
export const text = (given: Event, number: number): string =>
  `event: ${given.type}\ndata: ${JSON.stringify({ ...given.payload, sequence_number: number })}\n\n`
