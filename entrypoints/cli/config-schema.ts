/** `config schema`: the settings file as JSON schema, for editors. */
import * as t from 'io-ts'
import { okAsync } from 'neverthrow'
import { schema } from '../../core/settings/schema'
import { wordless } from './command'

/** The published schema refers to the one that every JSON schema has. */
const form = t.record(t.string, t.unknown, 'JsonSchema')

export const configSchema = wordless({
  examples: [['$0 config schema > schema.json', 'for an editor']],
  epilogue: '',
  run: () => () => okAsync(schema()),
  form,
  render: (done) => ({
    data: () => done,
    text: () => `${JSON.stringify(done, null, 2)}\n`,
    warnings: [],
  }),
})
