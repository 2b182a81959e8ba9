/**
 * The body of a model request, decoded and held against the rules of the real backend.
 *
 * The rules are its reported refusals: it wants `stream`, refuses `store`, and knows no parameter of
 * the public API beyond its own.
 */
import * as fzstd from 'fzstd'
import { err, ok, Result } from 'neverthrow'
import { parseJson } from '../../../core/result'
import * as Call from './call'
import * as Refusal from './refusal'

export type Fields = Readonly<Record<string, unknown>>

const unsupported: ReadonlyArray<string> = [
  'max_output_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'metadata',
  'user',
  'truncation',
  'safety_identifier',
  'prompt_cache_retention',
  'prompt_cache_options',
  'context_management',
  'previous_response_id',
]

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const inflate = Result.fromThrowable(
  (bytes: Uint8Array) => fzstd.decompress(bytes),
  () => Refusal.detail(400, 'Could not decode the body'),
)

const plain = (incoming: Call.Incoming): Result<Uint8Array, Refusal.Refusal> => {
  switch (Call.header('content-encoding', incoming.headers)) {
    case '':
    case 'identity':
      return ok(incoming.body)
    case 'zstd':
      return inflate(incoming.body)
    default:
      return err(Refusal.detail(415, 'Unsupported content encoding'))
  }
}

/** The JSON object in the body, whatever it asks for. */
export const decoded = (incoming: Call.Incoming): Result<Fields, Refusal.Refusal> =>
  plain(incoming).andThen((bytes) =>
    parseJson(new TextDecoder().decode(bytes))
      .mapErr(() => Refusal.detail(400, 'Could not parse the body'))
      .andThen((value) =>
        isFields(value) ? ok(value) : err(Refusal.detail(400, 'Expected an object')),
      ),
  )

/** The items of the input; empty when it is not a list. */
export const items = (body: Fields): ReadonlyArray<Fields> =>
  Array.isArray(body['input']) ? body['input'].filter(isFields) : []

const notFound = (item: Fields): Refusal.Refusal =>
  Refusal.json(404, {
    error: {
      message: `Item with id '${String(item['id'])}' not found. Items are not persisted when \`store\` is set to false.`,
      type: 'invalid_request_error',
      param: 'input',
      code: null,
    },
  })

/** An item that stands for one the backend never stored. */
const isReference = (item: Fields): boolean =>
  item['type'] === 'item_reference' ||
  (item['type'] === 'reasoning' && 'id' in item && !('encrypted_content' in item))

/**
 * The first rule the body breaks. Clients other than the official CLI are reported to be refused
 * without `instructions`; the CLI itself (0.169) sends them as the first message of the input.
 */
export const checked = (
  body: Fields,
  terms: { readonly isOfficial: boolean },
): Result<Fields, Refusal.Refusal> => {
  const foreign = unsupported.find((name) => name in body)
  if (foreign !== undefined) return err(Refusal.detail(400, `Unsupported parameter: ${foreign}`))
  if (body['stream'] !== true) return err(Refusal.detail(400, 'Stream must be set to true'))
  if (body['store'] !== false) return err(Refusal.detail(400, 'Store must be set to false'))
  if (!Array.isArray(body['input'])) return err(Refusal.detail(400, 'Input must be a list'))
  if (items(body).some((item) => item['role'] === 'system'))
    return err(Refusal.detail(400, 'System messages are not allowed'))
  if (typeof body['instructions'] !== 'string' && !terms.isOfficial)
    return err(Refusal.detail(400, 'Instructions are required'))
  const reference = items(body).find(isReference)
  return reference === undefined ? ok(body) : err(notFound(reference))
}
