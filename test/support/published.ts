/** The published schema as a judge of what `--json` answers. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv'

const schema = JSON.parse(
  readFileSync(join(__dirname, '..', '..', 'docs', 'schema.json'), 'utf8'),
) as { readonly $schema: string }

const judge = new Ajv({
  allErrors: true,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ },
}).addSchema(schema, 'published')

interface Document {
  readonly command: string
  readonly ok: boolean
}

/** What does not fit in a document, judged as the answer it says it is; nothing when all does. */
export const misfits = (document: unknown): ReadonlyArray<string> => {
  const { command, ok } = document as Document
  const name = ok ? command.replaceAll(' ', '-') : 'error'
  const fits = judge.getSchema(`published#/definitions/${name}`)
  if (fits === undefined) return [`there is no answer of ${name}`]
  if (fits(document) === true) return []
  return (fits.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}
