import type { Terminal } from '../../ports/terminal'

export interface TerminalUnderTest {
  readonly terminal: Terminal
  readonly answer: () => string
  readonly talk: () => string
  readonly interrupt: () => void
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
