import type { ProcessTable } from '../../ports/process-table'

export interface TableUnderTest {
  readonly table: ProcessTable
  /** A program that runs, given these words, until it is ended. */
  readonly start: (words: ReadonlyArray<string>) => Promise<{
    readonly pid: number
    readonly end: () => Promise<void>
  }>
}

export const processTableContract = (name: string, make: () => TableUnderTest): void => {
  describe(`${name}: the table of processes`, () => {
    it('has a program while it runs, with its words, and no longer', async () => {
      const { start, table } = make()
      const words = ['--of-this-test', '']
      const { end, pid } = await start(words)
      const find = async () =>
        (await table.running())._unsafeUnwrap().find((program) => program.pid === pid)
      expect((await find())?.words.slice(-2)).toEqual(words)
      await end()
      expect(await find()).toBeUndefined()
    })
  })
}
