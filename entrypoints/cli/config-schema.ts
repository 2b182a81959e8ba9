/** `config schema`: the settings file as JSON schema, for editors. */
import { okAsync } from 'neverthrow'
import { schema } from '../../core/settings/schema'
import { command } from './command'

export const configSchema = command({
  examples: [['$0 config schema > schema.json', 'for an editor']],
  epilogue: '',
  options: (parser) => parser,
  parse: () => ({}),
  run: () => () => okAsync(schema()),
  render: (done) => ({
    data: () => done,
    text: () => `${JSON.stringify(done, null, 2)}\n`,
    warnings: [],
  }),
})
