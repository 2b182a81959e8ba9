/**
 * The tools a request offers, in the form the backend takes: functions flat, every name once, every
 * schema one of an object. Hosts collect tools from plugins and servers of all kinds, and one odd
 * schema makes the backend refuse the whole request.
 */
import { isFields, listOf, without, type Fields } from './fields'
import * as Model from './model'

/** Schemas nest as deep as people write them, not as deep as an attacker does. */
const depthMax = 32

/** What the model cannot use is left out; what we do not know stays. */
export const clean =
  (model: string) =>
  (tools: unknown): ReadonlyArray<unknown> => {
    const flat = listOf(tools).map(flatten)
    return flat
      .filter((tool, index) => isFirstOfName(flat, tool, index) && isUsable(model, tool))
      .map(withParameters)
  }

/** A function as the older chat interface writes it, `{type, function: {name, ...}}`. */
export const flatten = (tool: unknown): unknown => {
  if (!isFields(tool) || tool['type'] !== 'function' || !isFields(tool['function'])) return tool
  return { ...without('function')(tool), ...tool['function'] }
}

const isFirstOfName = (all: ReadonlyArray<unknown>, tool: unknown, index: number): boolean => {
  if (!isFields(tool) || typeof tool['name'] !== 'string') return true
  return all.findIndex((other) => isFields(other) && other['name'] === tool['name']) === index
}

const isUsable = (model: string, tool: unknown): boolean => {
  const type = isFields(tool) ? tool['type'] : undefined
  if (type === 'tool_search') return Model.can('search')(model)
  if (type === 'computer' || type === 'computer_use_preview') return Model.can('computer')(model)
  return true
}

const withParameters = (tool: unknown): unknown => {
  if (!isFields(tool) || tool['type'] !== 'function') return tool
  const parameters = isFields(tool['parameters']) ? schema(tool['parameters'], 0) : {}
  return { ...tool, parameters: { type: 'object', properties: {}, ...parameters } }
}

const schema = (value: Fields, depth: number): Fields => {
  if (depth > depthMax) return value
  const inner = (one: unknown): unknown => (isFields(one) ? schema(one, depth + 1) : one)
  const each = (one: unknown): unknown => (Array.isArray(one) ? one.map(inner) : inner(one))
  const named = (one: unknown): unknown =>
    isFields(one)
      ? Object.fromEntries(Object.entries(one).map(([name, of]) => [name, inner(of)]))
      : one
  const cleaned = Object.fromEntries(
    Object.entries(without('$schema', '$id')(value)).map(([name, of]) => {
      if (places.includes(name)) return [name, named(of)]
      return [name, schemas.includes(name) ? each(of) : of]
    }),
  )
  return withChoices(withRequired(cleaned))
}

/** Keywords whose value holds schemas by name, and those whose value is a schema or a list of them. */
const places: ReadonlyArray<string> = ['properties', '$defs', 'definitions', 'patternProperties']
const schemas: ReadonlyArray<string> = ['items', 'prefixItems', 'anyOf', 'oneOf', 'allOf', 'not']

/** A name that is required and described nowhere cannot be given. */
const withRequired = (of: Fields): Fields => {
  if (!Array.isArray(of['required']) || !isFields(of['properties'])) return of
  const described = Object.keys(of['properties'])
  return {
    ...of,
    required: of['required'].filter((name) => described.some((one) => one === name)),
  }
}

/** Any of several constants is an enumeration. */
const withChoices = (of: Fields): Fields => {
  const choices = listOf(of['anyOf'])
  const values = choices.flatMap((one) => (isFields(one) && 'const' in one ? [one['const']] : []))
  if (choices.length === 0 || values.length !== choices.length) return of
  const types = new Set(values.map((one) => typeof one))
  const type = types.size === 1 && values.every((one) => typeof one === 'string')
  return { ...without('anyOf')(of), ...(type ? { type: 'string' } : {}), enum: values }
}
