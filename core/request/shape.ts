/**
 * A model request of any host, as the Codex backend takes it: streamed, stored nowhere, whole in
 * itself (plugin-host.md, section 8). What we do not know of it stays.
 */
import * as O from 'fp-ts/Option'
import { err, type Result } from 'neverthrow'
import { isFields, listOf, textOf, without, type Fields } from './fields'
import * as Items from './items'
import * as Model from './model'
import * as Tools from './tools'

export type ShapeRefusal =
  | Items.UnknownReference
  /** Neither a model nor an input. */
  | { readonly _tag: 'NoModelRequest' }
  /** `background` needs a backend that stores answers; a setting allows to ask for it anyhow. */
  | { readonly _tag: 'BackgroundOff' }

export interface Rules {
  readonly recall: Items.Recall
  readonly allowsBackground: boolean
}

export interface Shaped {
  readonly body: Fields
  readonly model: string
  /** Whether the caller reads a stream; else it waits for one JSON object. */
  readonly wantsStream: boolean
  /** It names an earlier response, which is left out. */
  readonly continues: boolean
}

export const shape =
  ({ recall, allowsBackground }: Rules) =>
  (body: unknown): Result<Shaped, ShapeRefusal> => {
    if (!isFields(body) || textOf(body['model']) === '' || !hasInput(body))
      return err({ _tag: 'NoModelRequest' })
    const isBackground = body['background'] === true
    if (isBackground && !allowsBackground) return err({ _tag: 'BackgroundOff' })
    const { model, effort } = Model.ofName(textOf(body['model']))
    return Items.expand(recall)(Items.ofInput(body['input'])).map((items) => {
      const { instructions, rest } = instructed(body, items)
      return {
        model,
        wantsStream: body['stream'] === true,
        continues: textOf(body['previous_response_id']) !== '',
        body: {
          ...without(...unsupported)(body),
          ...serviceTier(body),
          ...reasoning(body, model, effort),
          ...tools(body, model),
          model,
          instructions,
          input: Items.paired(isBackground ? rest : Items.stateless(rest)),
          include: included(body['include']),
          stream: true,
          store: isBackground,
        },
      }
    })
  }

const hasInput = (body: Fields): boolean =>
  typeof body['input'] === 'string' || Array.isArray(body['input'])

/** Refused by the backend with `Unsupported parameter`; set anew where it takes some values. */
const unsupported: ReadonlyArray<string> = [
  'context_management',
  'max_completion_tokens',
  'max_output_tokens',
  'metadata',
  'previous_response_id',
  'prompt_cache_options',
  'prompt_cache_retention',
  'safety_identifier',
  'service_tier',
  'temperature',
  'top_p',
  'truncation',
  'user',
]

const serviceTier = (body: Fields): Fields =>
  body['service_tier'] === 'priority' ? { service_tier: 'priority' } : {}

const encryptedReasoning = 'reasoning.encrypted_content'

const included = (include: unknown): ReadonlyArray<unknown> => {
  const asked = listOf(include)
  return asked.includes(encryptedReasoning) ? asked : [...asked, encryptedReasoning]
}

/** The effort in the body wins over one in the model's name. */
const reasoning = (body: Fields, model: string, inName: O.Option<Model.Effort>): Fields => {
  const given = isFields(body['reasoning']) ? body['reasoning'] : {}
  const effort = O.toUndefined(O.orElse(() => inName)(Model.effortOf(given['effort'])))
  return effort === undefined ? {} : { reasoning: { ...given, effort: Model.fit(model)(effort) } }
}

const tools = (body: Fields, model: string): Fields => ({
  ...(Array.isArray(body['tools']) ? { tools: Tools.clean(model)(body['tools']) } : {}),
  ...('tool_choice' in body ? { tool_choice: Tools.flatten(body['tool_choice']) } : {}),
})

interface Instructed {
  readonly instructions: string
  readonly rest: ReadonlyArray<unknown>
}

/** Any text will do for the backend, none will not. */
const standard = 'You are a helpful assistant.'

/** A request without instructions has them in the first messages of its input. */
const instructed = (body: Fields, items: ReadonlyArray<unknown>): Instructed => {
  const instructions = textOf(body['instructions'])
  if (instructions.trim() !== '') return { instructions, rest: items }
  const firstOther = items.findIndex((item) => !isInstruction(item))
  const leading = firstOther < 0 ? items : items.slice(0, firstOther)
  const text = leading.map(textIn).join('\n\n')
  return text.trim() === ''
    ? { instructions: standard, rest: items }
    : { instructions: text, rest: items.slice(leading.length) }
}

const isInstruction = (item: unknown): boolean =>
  isFields(item) && ['system', 'developer'].includes(textOf(item['role'])) && isText(item)

/** Whether the message is text and nothing else, so that nothing of it gets lost. */
const isText = ({ content }: Fields): boolean =>
  typeof content === 'string' ||
  (Array.isArray(content) &&
    content.every((part) => isFields(part) && typeof part['text'] === 'string'))

const textIn = (item: unknown): string => {
  const content = isFields(item) ? item['content'] : undefined
  return typeof content === 'string'
    ? content
    : listOf(content)
        .map((part) => (isFields(part) ? textOf(part['text']) : ''))
        .join('\n')
}
