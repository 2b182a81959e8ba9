import * as O from 'fp-ts/Option'
import { ResultAsync } from 'neverthrow'
import prompts from 'prompts'
import type { Prompter } from '../../ports/prompter'

/** The part of `process` used here. */
interface Streams {
  readonly stdin: NodeJS.ReadStream
  readonly stderr: NodeJS.WriteStream
}

export const nodePrompter = ({ stdin, stderr }: Streams = process): Prompter => ({
  choose: (question, choices) => {
    const asked = prompts({
      ...{ type: 'select', name: 'place', message: question, initial: 0 },
      choices: choices.map(({ title }, value) => ({ title, value })),
      ...{ stdin, stdout: stderr },
    }).then(({ place }: { readonly place?: number }) =>
      place === undefined ? O.none : O.fromNullable(choices[place]?.value),
    )
    return ResultAsync.fromSafePromise(Promise.race([asked, endOf(stdin)]))
  },
})

/** The package waits for a key for ever. */
const endOf = (input: NodeJS.ReadStream): Promise<O.Option<never>> =>
  new Promise((resolve) => {
    input.once('end', () => resolve(O.none))
  })
