/** `completion`: a script by which a shell completes our commands, options and account names. */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync } from 'neverthrow'
import * as t from 'io-ts'
import { command } from './command'
import { scripts, shells } from './completion-scripts'
import { oneOf } from './forms'
import type { UsageError } from './render-error'

const form = t.strict({ shell: oneOf(shells), script: t.string })

const wrong: UsageError = {
  _tag: 'WrongUsage',
  message: `completion takes one of ${shells.join(', ')}`,
  command: O.some('completion'),
}

export const completion = command({
  examples: [
    ['$0 completion bash >> ~/.bashrc', 'in every new bash'],
    ['$0 completion zsh >> ~/.zshrc', 'in every new zsh'],
    ['$0 completion fish | source', 'in this fish'],
  ],
  epilogue: '',
  options: (parser) =>
    parser.positional('shell', {
      type: 'string',
      demandOption: true,
      describe: 'bash, zsh or fish',
    }),
  parse: ({ shell }) => ({ shell }),
  run:
    () =>
    ({ shell: given }) => {
      const shell = shells.find((one) => one === given)
      return shell === undefined ? errAsync(wrong) : okAsync({ shell, script: scripts[shell] })
    },
  form,
  render: (done) => ({ data: () => done, text: () => done.script, warnings: [] }),
})
