import * as O from 'fp-ts/Option'
import { ResultAsync } from 'neverthrow'
import type { Choice, Prompter } from '../../ports/prompter'
import type { SimulatedProcess } from './scheduler'

export type Key = 'down' | 'enter' | 'escape' | 'end'

export interface MemoryPrompter extends Prompter {
  readonly press: (...keys: ReadonlyArray<Key>) => void
  /** What was asked, the choices by their titles. */
  readonly asked: () => ReadonlyArray<{
    readonly question: string
    readonly titles: ReadonlyArray<string>
  }>
}

export const memoryPrompter = (process: Pick<SimulatedProcess, 'call'>): MemoryPrompter => {
  const pressed: Array<Key> = []
  const asked: Array<ReturnType<MemoryPrompter['asked']>[number]> = []
  const isOver = (key: Key): boolean => key !== 'down'
  const next =
    <A>(choices: ReadonlyArray<Choice<A>>) =>
    (): O.Option<A> => {
      const keys = pressed.splice(0, pressed.findIndex(isOver) + 1)
      const place = keys.filter((key) => key === 'down').length % choices.length
      return keys.at(-1) === 'enter' ? O.fromNullable(choices[place]?.value) : O.none
    }
  return {
    choose: (question, choices) => {
      asked.push({ question, titles: choices.map(({ title }) => title) })
      return ResultAsync.fromSafePromise(
        process.call('prompter.choose', next(choices), {
          ready: () => pressed.some(isOver),
          isSteady: true,
        }),
      )
    },
    press: (...keys) => void pressed.push(...keys),
    asked: () => asked,
  }
}
