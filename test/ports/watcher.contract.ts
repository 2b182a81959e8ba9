import type { FileSystem } from '../../ports/file-system'
import type { Watcher } from '../../ports/watcher'

/** The folder is there and empty. */
interface Subject {
  readonly watcher: Watcher
  readonly files: FileSystem
  readonly folder: string
}

export const watcherContract = (name: string, make: () => Promise<Subject>): void => {
  describe(`${name}: changes of a folder`, () => {
    const staying = new AbortController().signal

    it('ends the wait when a file is made', async () => {
      const { watcher, files, folder } = await make()
      const told = watcher.next(folder, staying)
      ;(await files.create(`${folder}/one`, 'text'))._unsafeUnwrap()
      expect((await told).isOk()).toBe(true)
    })

    it('ends the wait when a file is replaced', async () => {
      const { watcher, files, folder } = await make()
      ;(await files.create(`${folder}/one`, 'text'))._unsafeUnwrap()
      const told = watcher.next(folder, staying)
      ;(await files.replace(`${folder}/one`, 'other'))._unsafeUnwrap()
      expect((await told).isOk()).toBe(true)
    })

    it('ends the wait when a file is removed, and a later one when the folder is', async () => {
      const { watcher, files, folder } = await make()
      ;(await files.create(`${folder}/one`, 'text'))._unsafeUnwrap()
      const told = watcher.next(folder, staying)
      ;(await files.remove(`${folder}/one`))._unsafeUnwrap()
      expect((await told).isOk()).toBe(true)
      const later = watcher.next(folder, staying)
      ;(await files.removeFolder(folder))._unsafeUnwrap()
      expect((await later).isOk()).toBe(true)
    })

    it.each(['that is there', 'that is not'])(
      'ends the wait in a folder %s when the signal is aborted',
      async (which) => {
        const { watcher, folder } = await make()
        const leaving = new AbortController()
        const told = watcher.next(
          which === 'that is there' ? folder : `${folder}/none`,
          leaving.signal,
        )
        leaving.abort()
        expect((await told).isOk()).toBe(true)
        expect((await watcher.next(folder, leaving.signal)).isOk()).toBe(true)
      },
    )
  })
}
