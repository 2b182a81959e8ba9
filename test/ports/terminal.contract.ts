import * as O from 'fp-ts/Option'
import { lineMax, type Terminal } from '../../ports/terminal'

export interface TerminalUnderTest {
  readonly terminal: Terminal
  readonly answer: () => string
  readonly talk: () => string
  readonly interrupt: () => void
  /** A line on standard input; without one, its end. */
  readonly type: (line?: string) => void
}

/** `columns` is what the terminal is to be made with, none when there is none. */
export const terminalContract = (
  name: string,
  make: (columns?: number) => TerminalUnderTest,
): void => {
  describe(`${name}: a terminal`, () => {
    it('keeps the answer and the talk apart, and both in order', () => {
      const { terminal, answer, talk } = make()
      terminal.write('one\n')
      terminal.say('talk\n')
      terminal.write('two\n')
      expect([answer(), talk()]).toEqual(['one\ntwo\n', 'talk\n'])
    })

    it('says how wide it is: 80 columns where nobody knows', () => {
      expect(make(132).terminal.columns).toBe(132)
      expect(make().terminal.columns).toBe(80)
    })

    it('reads the lines that are typed, one at a time, and none at the end', async () => {
      const { terminal, type } = make()
      for (const line of ['one', '', ' two ']) {
        const reading = terminal.readLine()
        type(line)
        expect((await reading)._unsafeUnwrap()).toEqual(O.some(line))
      }
      const reading = terminal.readLine()
      type()
      expect((await reading)._unsafeUnwrap()).toEqual(O.none)
    })

    it('reads no more of a line than a line may have', async () => {
      const { terminal, type } = make()
      const reading = terminal.readLine()
      type('x'.repeat(lineMax + 1))
      expect((await reading)._unsafeUnwrap()).toEqual(O.some('x'.repeat(lineMax)))
    })

    it('stops reading at Ctrl-C', async () => {
      const { terminal, interrupt } = make()
      const reading = terminal.readLine()
      interrupt()
      expect((await reading)._unsafeUnwrap()).toEqual(O.none)
      expect((await terminal.readLine())._unsafeUnwrap()).toEqual(O.none)
    })

    it('is interrupted by the first Ctrl-C', () => {
      const { terminal, interrupt } = make()
      const { interrupted } = terminal
      expect(interrupted.aborted).toBe(false)
      interrupt()
      expect(interrupted.aborted).toBe(true)
      expect(terminal.interrupted).toBe(interrupted)
    })
  })
}
