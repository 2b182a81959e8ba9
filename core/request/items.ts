/**
 * The items of a model request's `input`, for a backend that stores nothing.
 *
 * Such a backend finds no item by its id, so ids go and references are replaced by what they stand
 * for. It also refuses a tool's output whose call is not there, and a call without its output, as
 * they come from a conversation that was cut; both are repaired so that the conversation goes on.
 */
import * as O from 'fp-ts/Option'
import { err, ok, Result } from 'neverthrow'
import { isFields, listOf, textOf, without, type Fields } from './fields'

/** An item is named that the request does not hold, and that was not streamed through here lately. */
export interface UnknownReference {
  readonly _tag: 'UnknownReference'
  readonly id: string
}

export type Recall = (id: string) => O.Option<Fields>

/** A text in place of a list is one message of the user. */
export const ofInput = (input: unknown): ReadonlyArray<unknown> =>
  typeof input === 'string'
    ? [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }]
    : listOf(input)

export const expand =
  (recall: Recall) =>
  (items: ReadonlyArray<unknown>): Result<ReadonlyArray<unknown>, UnknownReference> =>
    Result.combine(items.map(expandOne(recall)))

const expandOne =
  (recall: Recall) =>
  (item: unknown): Result<unknown, UnknownReference> => {
    if (!isFields(item) || item['type'] !== 'item_reference') return ok(item)
    const id = textOf(item['id'])
    const meant = recall(id)
    return O.isSome(meant) ? ok(meant.value) : err({ _tag: 'UnknownReference', id })
  }

/**
 * Without ids, and without reasoning that is only an id: what was thought is in nothing but its
 * encrypted content.
 */
export const stateless = (items: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  items
    .filter((item) => !isFields(item) || item['type'] !== 'reasoning' || isThought(item))
    .map((item) => (isFields(item) ? without('id', 'prompt_cache_breakpoint')(plain(item)) : item))

const isThought = (item: Fields): boolean => textOf(item['encrypted_content']) !== ''

/** The backend knows no role `system` in its input, and no breakpoints in contents. */
const plain = (item: Fields): Fields => {
  const content = item['content']
  const parts = Array.isArray(content)
    ? content.map((part: unknown) =>
        isFields(part) ? without('prompt_cache_breakpoint')(part) : part,
      )
    : content
  return {
    ...item,
    ...(item['role'] === 'system' ? { role: 'developer' } : {}),
    ...(content === undefined ? {} : { content: parts }),
  }
}

interface Kind {
  readonly call: string
  readonly output: string
}

const kinds: ReadonlyArray<Kind> = [
  { call: 'function_call', output: 'function_call_output' },
  { call: 'custom_tool_call', output: 'custom_tool_call_output' },
  { call: 'local_shell_call', output: 'local_shell_call_output' },
]

/** Much of an output that nobody asked for any more is of no use to anybody. */
const orphanCharactersMax = 16_000

const cancelled = 'Cancelled: this call has no output.'

/** Every output has its call before it, and every call its output after it. */
export const paired = (items: ReadonlyArray<unknown>): ReadonlyArray<unknown> => {
  const called = new Set<string>()
  const answered = new Set<string>()
  const kept = items.map((item) => {
    const end = endOf(item)
    if (end === undefined) return item
    if (end.side === 'call') {
      called.add(end.key)
      return item
    }
    if (!called.has(end.key)) return asMessage(item)
    answered.add(end.key)
    return item
  })
  return kept.flatMap((item) => {
    const end = endOf(item)
    return end?.side !== 'call' || answered.has(end.key)
      ? [item]
      : [item, { type: end.kind.output, call_id: end.id, output: cancelled }]
  })
}

interface End {
  readonly side: 'call' | 'output'
  readonly kind: Kind
  readonly id: string
  readonly key: string
}

const endOf = (item: unknown): End | undefined => {
  if (!isFields(item)) return undefined
  const id = textOf(item['call_id'])
  const kind = kinds.find(({ call, output }) => [call, output].includes(textOf(item['type'])))
  if (kind === undefined) return undefined
  const side = item['type'] === kind.call ? 'call' : 'output'
  return { side, kind, id, key: `${kind.call} ${id}` }
}

const asMessage = (item: unknown): unknown => {
  const output = isFields(item) ? item['output'] : undefined
  const text = typeof output === 'string' ? output : (JSON.stringify(output) ?? '')
  return {
    type: 'message',
    role: 'assistant',
    content: [
      {
        type: 'output_text',
        text: `Output of an earlier tool call: ${text.slice(0, orphanCharactersMax)}`,
      },
    ],
  }
}
