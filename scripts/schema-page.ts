/** What `--json` answers as a JSON schema, `docs/schema.json`, made from the forms of the commands. */
import * as t from 'io-ts'
import { answerForm, errorForm } from '../entrypoints/cli/envelope'
import { errors } from '../entrypoints/cli/error-codes'
import { commands } from '../entrypoints/cli/table'

type Schema = Readonly<Record<string, unknown>>

/** The kinds of form that answers are made of; another one wants a line in `kindOf`. */
type Form =
  | t.StringType
  | t.NumberType
  | t.BooleanType
  | t.NullType
  | t.UnknownType
  | t.LiteralType<string | number | boolean>
  | t.KeyofType<Readonly<Record<string, unknown>>>
  | t.ArrayType<t.Mixed>
  | t.ReadonlyArrayType<t.Mixed>
  | t.DictionaryType<t.Mixed, t.Mixed>
  | t.UnionType<Array<t.Mixed>>
  | t.InterfaceType<t.Props>
  | t.ExactType<t.InterfaceType<t.Props>>

const draft = 'http://json-schema.org/draft-07/schema#'

/** Forms that are no more than their name, by it. */
const known: Readonly<Record<string, Schema>> = {
  JsonSchema: { $ref: draft },
  Time: { type: 'string', format: 'date-time' },
  Whole: { type: 'integer' },
}

const referTo = (name: string): Schema => ({ $ref: `#/definitions/${name}` })

/** `named` hears of every form with a name of its own. */
const schemaOf =
  (named: (name: string, schema: Schema) => void) =>
  (form: t.Mixed): Schema => {
    const ready = known[form.name]
    if (ready !== undefined) return ready
    const schema = kindOf(schemaOf(named))(form as Form)
    if (!/^[A-Z]\w+$/.test(form.name)) return schema
    named(form.name, schema)
    return referTo(form.name)
  }

const kindOf =
  (inner: (form: t.Mixed) => Schema) =>
  (form: Form): Schema => {
    switch (form._tag) {
      case 'StringType':
        return { type: 'string' }
      case 'NumberType':
        return { type: 'number' }
      case 'BooleanType':
        return { type: 'boolean' }
      case 'NullType':
        return { type: 'null' }
      case 'UnknownType':
        return {}
      case 'LiteralType':
        return { const: form.value }
      case 'KeyofType':
        return { enum: Object.keys(form.keys) }
      case 'ArrayType':
      case 'ReadonlyArrayType':
        return { type: 'array', items: inner(form.type) }
      case 'DictionaryType':
        return { type: 'object', additionalProperties: inner(form.codomain) }
      case 'UnionType':
        return { anyOf: form.types.map(inner) }
      case 'InterfaceType':
        return objectOf(inner, form)
      case 'ExactType':
        return { ...objectOf(inner, form.type), additionalProperties: false }
    }
  }

const objectOf = (
  inner: (form: t.Mixed) => Schema,
  { props }: t.InterfaceType<t.Props>,
): Schema => ({
  type: 'object',
  required: Object.keys(props),
  properties: Object.fromEntries(Object.entries(props).map(([key, form]) => [key, inner(form)])),
})

export const schemaPage = async (): Promise<string> => {
  const shared = new Map<string, Schema>()
  const schema = schemaOf((name, its) => shared.set(name, its))
  const answers = await Promise.all(
    commands.map(async ({ name, describe, load }) => {
      const { form } = await load()
      const answer = schema(answerForm(t.literal(name), form))
      return [name.replaceAll(' ', '-'), { description: describe, ...answer }] as const
    }),
  )
  const error = schema(errorForm(t.keyof(errors)))
  const definitions = Object.fromEntries([...answers, ['error', error], ...shared])
  return `${JSON.stringify(
    {
      $schema: draft,
      title: 'What codex-multi-auth answers with --json',
      anyOf: [...answers.map(([name]) => name), 'error'].map(referTo),
      definitions,
    },
    null,
    2,
  )}\n`
}
