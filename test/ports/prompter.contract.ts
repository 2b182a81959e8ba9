import * as O from 'fp-ts/Option'
import type { Key } from '../../adapters/memory/prompter'
import type { Prompter } from '../../ports/prompter'

export interface PrompterUnderTest {
  readonly prompter: Prompter
  /** As the person does it, once the question stands there. */
  readonly press: (...keys: ReadonlyArray<Key>) => void
}

const choices = ['red', 'green', 'blue'].map((value) => ({ value, title: value.toUpperCase() }))

export const prompterContract = (name: string, make: () => PrompterUnderTest): void => {
  describe(`${name}: a prompter`, () => {
    it.each<{ keys: ReadonlyArray<Key>; answer: O.Option<string> }>([
      { keys: ['enter'], answer: O.some('red') },
      { keys: ['down', 'enter'], answer: O.some('green') },
      { keys: ['down', 'down', 'enter'], answer: O.some('blue') },
      { keys: ['down', 'down', 'down', 'enter'], answer: O.some('red') },
      { keys: ['escape'], answer: O.none },
      { keys: ['down', 'escape'], answer: O.none },
      { keys: ['down', 'end'], answer: O.none },
    ])('takes $keys for $answer', async ({ keys, answer }) => {
      const { prompter, press } = make()
      const choosing = prompter.choose('Which?', choices)
      press(...keys)
      expect((await choosing)._unsafeUnwrap()).toEqual(answer)
    })

    it('asks again', async () => {
      const { prompter, press } = make()
      for (const answer of ['red', 'red']) {
        const choosing = prompter.choose('Which?', choices)
        press('enter')
        expect((await choosing)._unsafeUnwrap()).toEqual(O.some(answer))
      }
    })
  })
}
