/** The answers of the backend, as bytes that are ready to leave: what a figure compares is the way, not the ends. */

/** How an answer comes: all at once, or its first part at once and then an event at a time. */
export type Pace =
  | { readonly _tag: 'AtOnce' }
  | { readonly _tag: 'Paced'; readonly events: number; readonly everyMs: number }

/** The header in which a client says which pace it wants; proxies pass on what they do not know. */
export const paceHeader = 'x-bench-pace'

export const paceText = (pace: Pace): string =>
  pace._tag === 'AtOnce' ? 'at-once' : `${pace.events}/${pace.everyMs}`

export const paceOf = (text: string | undefined): Pace => {
  const [, events, everyMs] = /^(\d+)\/(\d+)$/.exec(text ?? '') ?? []
  return events === undefined
    ? { _tag: 'AtOnce' }
    : { _tag: 'Paced', events: Number(events), everyMs: Number(everyMs) }
}

const event = (payload: Readonly<Record<string, unknown>> & { readonly type: string }): string =>
  `event: ${payload.type}\ndata: ${JSON.stringify(payload)}\n\n`

const response = { id: 'resp_1', object: 'response', model: 'gpt-5.2-codex', error: null }
const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  status: 'in_progress',
  content: [],
}

const silent = [
  event({ type: 'response.created', response: { ...response, status: 'in_progress', output: [] } }),
  event({
    type: 'response.in_progress',
    response: { ...response, status: 'in_progress', output: [] },
  }),
  event({ type: 'response.output_item.added', output_index: 0, item: message }),
].join('')

/** The first is the stream's commit point: a client shows it. */
const delta = event({
  type: 'response.output_text.delta',
  item_id: 'msg_1',
  output_index: 0,
  content_index: 0,
  delta: ' word',
})

const completed = event({
  type: 'response.completed',
  response: {
    ...response,
    status: 'completed',
    output: [],
    usage: { input_tokens: 9, output_tokens: 9 },
  },
})

/** As the backend sends it: quota with every answer, and a few headers of the infrastructure. */
const head = [
  'HTTP/1.1 200 OK',
  'content-type: text/event-stream; charset=utf-8',
  'cache-control: no-cache',
  'x-request-id: 5b0c7f3e-8f0a-4c53-9d59-1f0b6a7a9a01',
  'x-codex-plan-type: plus',
  'x-codex-primary-used-percent: 27',
  'x-codex-primary-window-minutes: 300',
  'x-codex-primary-reset-at: 4102444800',
  'x-codex-secondary-used-percent: 4',
  'x-codex-secondary-window-minutes: 10080',
  'x-codex-secondary-reset-at: 4102444800',
  'transfer-encoding: chunked',
  '\r\n',
].join('\r\n')

const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

/** Ends every answer, and is found nowhere else in one. */
export const lastChunk = '0\r\n\r\n'

/** In the first event that a client shows, and in no earlier one. */
export const visible = 'output_text.delta'

/** Ends every event. */
export const eventEnd = '\n\n'

const begins = head + chunk(silent + delta)
const ends = chunk(completed) + lastChunk

export const wholeAnswer = Buffer.from(
  head + chunk(silent + delta.repeat(8) + completed) + lastChunk,
)
export const firstPart = Buffer.from(begins)
export const oneEvent = Buffer.from(chunk(delta))
export const lastPart = Buffer.from(ends)

/** For everything that is no model request. */
export const emptyAnswer = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
)
