import * as O from 'fp-ts/Option'
import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import type { FileSystem } from '../../ports/file-system'

export interface FileSystemUnderTest {
  readonly files: FileSystem
  /** An empty folder. */
  readonly root: string
  readonly modeOf: (path: string) => number
  readonly link: (target: string, path: string) => void
}

export const fileSystemContract = (name: string, make: () => FileSystemUnderTest): void => {
  describe(`${name}: texts`, () => {
    describe.each(['replace', 'replaceVolatile'] as const)('%s', (way) => {
      it('gives its text to the next read, whether or not there was one before', async () => {
        const { files, root } = make()
        for (const text of ['first', 'the second, which is longer: ü', '']) {
          expect((await files[way](`${root}/a`, text)).isOk()).toBe(true)
          expect((await files.read(`${root}/a`))._unsafeUnwrap()).toBe(text)
        }
        expect((await files.list(root))._unsafeUnwrap()).toEqual(['a'])
      })

      it('leaves the file to its owner alone', async () => {
        const { files, root, modeOf } = make()
        ;(await files[way](`${root}/a`, 'token'))._unsafeUnwrap()
        expect(modeOf(`${root}/a`)).toBe(0o600)
      })

      it('says NotFound where there is no folder, and leaves nothing', async () => {
        const { files, root } = make()
        const result = await files[way](`${root}/none/a`, 'text')
        expect(result._unsafeUnwrapErr()).toMatchObject({ _tag: 'NotFound' })
        expect((await files.list(root))._unsafeUnwrap()).toEqual([])
      })

      it('removes its draft when the path cannot be had', async () => {
        const { files, root } = make()
        ;(await files.ensureFolder(`${root}/folder/inner`))._unsafeUnwrap()
        expect((await files[way](`${root}/folder`, 'text')).isErr()).toBe(true)
        expect((await files.list(root))._unsafeUnwrap()).toEqual(['folder'])
      })

      it('may be done by many at once; one of the texts stays, whole', async () => {
        const { files, root } = make()
        const texts = Array.from({ length: 8 }, (_, n) => String(n).repeat(5_000))
        const done = await Promise.all(texts.map((text) => files[way](`${root}/a`, text)))
        expect(done.every((result) => result.isOk())).toBe(true)
        expect(texts).toContain((await files.read(`${root}/a`))._unsafeUnwrap())
        expect((await files.list(root))._unsafeUnwrap()).toEqual(['a'])
      })
    })

    it.each(['forced', 'volatile'] as const)(
      'replaces a file, %s, only while something holds that is asked when the draft is made',
      async (forcing) => {
        const { files, root } = make()
        const replace = (text: string, holds: () => ResultAsync<void, string>) =>
          files.replaceWhile(`${root}/a`, text, forcing, holds)
        ;(await replace('first', () => okAsync(undefined)))._unsafeUnwrap()
        const refused = await replace('second', () => errAsync('no longer ours'))
        expect(refused._unsafeUnwrapErr()).toBe('no longer ours')
        const swept = await replace('third', () =>
          files
            .list(root)
            .andThen((names) =>
              ResultAsync.combine(
                names.filter((name) => name !== 'a').map((name) => files.remove(`${root}/${name}`)),
              ),
            )
            .map((removed) => expect(removed).toHaveLength(1))
            .mapErr(() => 'not swept'),
        )
        expect(swept._unsafeUnwrapErr()).toMatchObject({ _tag: 'NotFound' })
        expect((await files.read(`${root}/a`))._unsafeUnwrap()).toBe('first')
        expect((await files.list(root))._unsafeUnwrap()).toEqual(['a'])
      },
    )

    it('gives a replaced file the mode that is asked for, and tells it', async () => {
      const { files, root, modeOf } = make()
      for (const mode of [0o700, 0o644, 0o666]) {
        ;(await files.replace(`${root}/a`, 'text', mode))._unsafeUnwrap()
        expect(modeOf(`${root}/a`)).toBe(mode)
        expect((await files.stamp(`${root}/a`))._unsafeUnwrap()).toMatchObject({ value: { mode } })
      }
    })

    it('reads a missing path as NotFound', async () => {
      const { files, root } = make()
      const result = await files.read(`${root}/none`)
      expect(result._unsafeUnwrapErr()).toEqual({ _tag: 'NotFound', path: `${root}/none` })
    })

    it('names the fault when a folder is read as a file', async () => {
      const { files, root } = make()
      const fault = { _tag: 'FileFault', path: root, code: 'EISDIR' }
      expect((await files.read(root))._unsafeUnwrapErr()).toEqual(fault)
    })

    it('lets one of two creates make the file', async () => {
      const { files, root, modeOf } = make()
      const texts = ['one', 'two']
      const results = await Promise.all(texts.map((text) => files.create(`${root}/a`, text)))
      const [won, lost] = [results.findIndex((r) => r.isOk()), results.findIndex((r) => r.isErr())]
      expect([won, lost].sort()).toEqual([0, 1])
      expect(results[lost]?._unsafeUnwrapErr()).toEqual({ _tag: 'AlreadyThere', path: `${root}/a` })
      expect((await files.read(`${root}/a`))._unsafeUnwrap()).toBe(texts[won])
      expect(modeOf(`${root}/a`)).toBe(0o600)
    })

    it('appends to the end, and to a file that is not there yet', async () => {
      const { files, root, modeOf } = make()
      ;(await files.append(`${root}/log`, 'one\n'))._unsafeUnwrap()
      ;(await files.append(`${root}/log`, 'two\n'))._unsafeUnwrap()
      expect((await files.read(`${root}/log`))._unsafeUnwrap()).toBe('one\ntwo\n')
      expect(modeOf(`${root}/log`)).toBe(0o600)
    })

    it('removes a file, and takes a missing one for removed', async () => {
      const { files, root } = make()
      ;(await files.create(`${root}/a`, 'text'))._unsafeUnwrap()
      expect((await files.remove(`${root}/a`)).isOk()).toBe(true)
      expect((await files.remove(`${root}/a`)).isOk()).toBe(true)
      expect((await files.list(root))._unsafeUnwrap()).toEqual([])
    })

    it('stamps what is there, with another stamp after a change, and none where nothing is', async () => {
      const { files, root } = make()
      expect((await files.stamp(`${root}/a`))._unsafeUnwrap()).toEqual(O.none)
      ;(await files.replace(`${root}/a`, 'text'))._unsafeUnwrap()
      const first = (await files.stamp(`${root}/a`))._unsafeUnwrap()
      expect(O.toUndefined(first)?.mode).toBe(0o600)
      expect(first).toMatchObject({ value: { bytes: 4 } })
      expect((await files.stamp(`${root}/a`))._unsafeUnwrap()).toEqual(first)
      ;(await files.replace(`${root}/a`, 'TEXT'))._unsafeUnwrap()
      expect((await files.stamp(`${root}/a`))._unsafeUnwrap()).not.toEqual(first)
    })

    it('follows links to the real path, and finds none where nothing is', async () => {
      const { files, root, link } = make()
      const real = O.toNullable((await files.realPath(root))._unsafeUnwrap())
      ;(await files.create(`${root}/a`, 'text'))._unsafeUnwrap()
      link(`${root}/a`, `${root}/linked`)
      link(`${root}/nothing`, `${root}/dangling`)
      expect((await files.realPath(`${root}/linked`))._unsafeUnwrap()).toEqual(O.some(`${real}/a`))
      expect((await files.realPath(`${root}/dangling`))._unsafeUnwrap()).toEqual(O.none)
    })
  })

  folders(name, make)
}

const folders = (name: string, make: () => FileSystemUnderTest): void => {
  describe(`${name}: names and folders`, () => {
    it('lists names in order, and a missing folder as NotFound', async () => {
      const { files, root } = make()
      for (const file of ['b', 'a', 'c']) {
        expect((await files.create(`${root}/${file}`, '')).isOk()).toBe(true)
      }
      expect((await files.list(root))._unsafeUnwrap()).toEqual(['a', 'b', 'c'])
      const missing = await files.list(`${root}/none`)
      expect(missing._unsafeUnwrapErr()).toEqual({ _tag: 'NotFound', path: `${root}/none` })
    })

    it('makes a folder with its parents, for its owner alone, also when it was open to others', async () => {
      const { files, root, modeOf } = make()
      expect((await files.ensureFolder(`${root}/x/y`)).isOk()).toBe(true)
      expect((await files.ensureFolder(`${root}/x/y`)).isOk()).toBe(true)
      expect(modeOf(`${root}/x/y`)).toBe(0o700)
    })

    it('puts a renamed file in the place of another', async () => {
      const { files, root } = make()
      ;(await files.create(`${root}/a`, 'new'))._unsafeUnwrap()
      ;(await files.create(`${root}/b`, 'old'))._unsafeUnwrap()
      expect((await files.rename(`${root}/a`, `${root}/b`)).isOk()).toBe(true)
      expect((await files.list(root))._unsafeUnwrap()).toEqual(['b'])
      expect((await files.read(`${root}/b`))._unsafeUnwrap()).toBe('new')
    })

    it('says NotFound when there is nothing to rename', async () => {
      const { files, root } = make()
      const result = await files.rename(`${root}/none`, `${root}/b`)
      expect(result._unsafeUnwrapErr()).toEqual({ _tag: 'NotFound', path: `${root}/none` })
    })

    it('renames a folder to a free path and over an empty folder, never over one that holds something', async () => {
      const { files, root } = make()
      ;(await files.ensureFolder(`${root}/full`))._unsafeUnwrap()
      ;(await files.create(`${root}/full/claim`, 'theirs'))._unsafeUnwrap()
      ;(await files.ensureFolder(`${root}/empty`))._unsafeUnwrap()
      for (const folder of ['first', 'second', 'third']) {
        ;(await files.ensureFolder(`${root}/${folder}`))._unsafeUnwrap()
        ;(await files.create(`${root}/${folder}/claim`, folder))._unsafeUnwrap()
      }
      expect((await files.rename(`${root}/first`, `${root}/free`)).isOk()).toBe(true)
      expect((await files.rename(`${root}/second`, `${root}/empty`)).isOk()).toBe(true)
      const refused = await files.rename(`${root}/third`, `${root}/full`)
      expect(refused._unsafeUnwrapErr()).toEqual({ _tag: 'AlreadyThere', path: `${root}/full` })
      expect((await files.read(`${root}/free/claim`))._unsafeUnwrap()).toBe('first')
      expect((await files.read(`${root}/empty/claim`))._unsafeUnwrap()).toBe('second')
      expect((await files.read(`${root}/full/claim`))._unsafeUnwrap()).toBe('theirs')
      expect((await files.list(root))._unsafeUnwrap()).toEqual(['empty', 'free', 'full', 'third'])
    })

    it('lets one of many folders take a path', async () => {
      const { files, root } = make()
      const drafts = Array.from({ length: 8 }, (_, n) => `${root}/${n}.draft`)
      for (const draft of drafts) {
        ;(await files.ensureFolder(draft))._unsafeUnwrap()
        ;(await files.create(`${draft}/claim`, draft))._unsafeUnwrap()
      }
      const results = await Promise.all(drafts.map((draft) => files.rename(draft, `${root}/lock`)))
      expect(results.filter((result) => result.isOk())).toHaveLength(1)
    })

    it('removes an empty folder, takes a missing one for removed, and leaves one that holds something', async () => {
      const { files, root } = make()
      ;(await files.ensureFolder(`${root}/full`))._unsafeUnwrap()
      ;(await files.ensureFolder(`${root}/empty`))._unsafeUnwrap()
      ;(await files.create(`${root}/full/a`, 'text'))._unsafeUnwrap()
      expect((await files.removeFolder(`${root}/empty`)).isOk()).toBe(true)
      expect((await files.removeFolder(`${root}/empty`)).isOk()).toBe(true)
      ;(await files.replace(`${root}/full/a`, 'other'))._unsafeUnwrap()
      const refused = await files.removeFolder(`${root}/full`)
      expect(refused._unsafeUnwrapErr()).toEqual({ _tag: 'AlreadyThere', path: `${root}/full` })
      expect((await files.read(`${root}/full/a`))._unsafeUnwrap()).toBe('other')
      ;(await files.remove(`${root}/full/a`))._unsafeUnwrap()
      expect((await files.removeFolder(`${root}/full`)).isOk()).toBe(true)
    })
  })
}
