import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import type { Clock } from '../../ports/clock'
import type { FileSystem } from '../../ports/file-system'
import type { Held, Lock, LockError } from '../../ports/lock'
import type { ProcessIdentity } from '../../ports/process'

export interface LockUnderTest {
  readonly lock: Lock
  readonly files: FileSystem
  readonly clock: Clock
  /** In an empty folder. */
  readonly path: string
  readonly living: ProcessIdentity
  readonly dead: ProcessIdentity
  /** Makes the file two seconds older than it is. */
  readonly age: (file: string) => Promise<void>
}

const terms = { waitMax: 5_000, expiresAfter: 60_000 }
const noWait = { ...terms, waitMax: 0 }

/** Puts a claim there as another process would have left it. */
const plant = async (
  { files, clock, path }: LockUnderTest,
  owner: ProcessIdentity,
  expiresIn: number,
): Promise<void> => {
  const claim = { owner, nonce: 'theirs', expiresAt: clock.now() + expiresIn }
  ;(await files.ensureFolder(path))._unsafeUnwrap()
  ;(await files.create(`${path}/theirs`, JSON.stringify(claim)))._unsafeUnwrap()
}

const plantDraft = async (
  { files, path }: LockUnderTest,
  nonce: string,
  text: string | undefined,
): Promise<void> => {
  ;(await files.ensureFolder(`${path}.${nonce}.draft`))._unsafeUnwrap()
  if (text !== undefined)
    (await files.create(`${path}.${nonce}.draft/${nonce}`, text))._unsafeUnwrap()
}

/** Ends the claim that is there and puts another in its place. */
const usurp = async (of: LockUnderTest): Promise<void> => {
  for (const nonce of (await of.files.list(of.path))._unsafeUnwrap()) {
    ;(await of.files.remove(`${of.path}/${nonce}`))._unsafeUnwrap()
  }
  await plant(of, of.living, 60_000)
}

const namesBeside = async ({ files, path }: LockUnderTest): Promise<ReadonlyArray<string>> =>
  (await files.list(path.slice(0, path.lastIndexOf('/'))))._unsafeUnwrap()

const asWork = <A>(work: () => Promise<A>) => ResultAsync.fromSafePromise<A, LockError>(work())

export const lockContract = (name: string, make: () => LockUnderTest): void => {
  describe(`${name}: holding`, () => {
    it('never overlaps another holding of the path, however many there are', async () => {
      const { lock, clock, path } = make()
      let inside = 0
      let most = 0
      const hold = () =>
        lock.holding(path, terms, () =>
          asWork(async () => {
            inside += 1
            most = Math.max(most, inside)
            await clock.sleep(1)
            inside -= 1
          }),
        )
      const results = await Promise.all(Array.from({ length: 12 }, hold))
      expect(results.every((result) => result.isOk())).toBe(true)
      expect(most).toBe(1)
    })

    it('does not keep holdings of other paths apart', async () => {
      const { lock, path } = make()
      const both = lock.holding(path, noWait, () =>
        lock.holding(`${path}.other`, noWait, () => okAsync('inner')),
      )
      expect((await both)._unsafeUnwrap()).toBe('inner')
    })

    it('gives what the work gives, and leaves nothing behind', async () => {
      const made = make()
      const done = await made.lock.holding(made.path, noWait, () => okAsync(42))
      expect(done._unsafeUnwrap()).toBe(42)
      const failed = await made.lock.holding(made.path, noWait, () => errAsync('refused'))
      expect(failed._unsafeUnwrapErr()).toBe('refused')
      expect(await namesBeside(made)).toEqual([])
    })

    it('leaves nothing behind either when the work throws, which is a bug', async () => {
      const made = make()
      const work = (): ResultAsync<void, never> => {
        throw new Error('bug')
      }
      const held = Promise.resolve(made.lock.holding(made.path, noWait, work))
      await expect(held).rejects.toThrow('bug')
      expect(await namesBeside(made)).toEqual([])
    })
  })

  others(name, make)
}

const others = (name: string, make: () => LockUnderTest): void => {
  describe(`${name}: a claim of somebody else`, () => {
    it('is waited for until the wait is over, and then names its owner', async () => {
      const made = make()
      await plant(made, made.living, 60_000)
      const before = made.clock.now()
      const refused = await made.lock.holding(made.path, { ...terms, waitMax: 30 }, () =>
        okAsync(1),
      )
      expect(refused._unsafeUnwrapErr()).toEqual({
        _tag: 'LockHeld',
        path: made.path,
        pid: made.living.pid,
      })
      expect(made.clock.now() - before).toBeGreaterThanOrEqual(30)
      expect(await namesBeside(made)).toEqual(['lock'])
    })

    it('is passed over at once when its owner is dead', async () => {
      const made = make()
      await plant(made, made.dead, 60_000)
      const taken = await made.lock.holding(made.path, noWait, () => okAsync('mine'))
      expect(taken._unsafeUnwrap()).toBe('mine')
      expect(await namesBeside(made)).toEqual([])
    })

    it('is passed over when its time is over, though its owner lives', async () => {
      const made = make()
      await plant(made, made.living, 0)
      const taken = await made.lock.holding(made.path, noWait, () => okAsync('mine'))
      expect(taken._unsafeUnwrap()).toBe('mine')
    })

    it.each(['', '{"owner"', '[]'])('that reads %j is passed over after a moment', async (text) => {
      const made = make()
      ;(await made.files.ensureFolder(made.path))._unsafeUnwrap()
      ;(await made.files.create(`${made.path}/theirs`, text))._unsafeUnwrap()
      const early = await made.lock.holding(made.path, noWait, () => okAsync('mine'))
      expect(early._unsafeUnwrapErr()).toEqual({ _tag: 'LockHeld', path: made.path, pid: 0 })
      await made.age(`${made.path}/theirs`)
      const taken = await made.lock.holding(made.path, noWait, () => okAsync('mine'))
      expect(taken._unsafeUnwrap()).toBe('mine')
    })

    it('that is only an empty folder is no claim', async () => {
      const made = make()
      ;(await made.files.ensureFolder(made.path))._unsafeUnwrap()
      const taken = await made.lock.holding(made.path, noWait, () => okAsync('mine'))
      expect(taken._unsafeUnwrap()).toBe('mine')
      expect(await namesBeside(made)).toEqual([])
    })

    it.each(['stands', 'never was'])(
      'takes drafts along that nobody is at, and no other, when the claim of the dead %s',
      async (claim) => {
        const made = make()
        const { path, dead, living, clock } = made
        if (claim === 'stands') await plant(made, dead, 60_000)
        const text = (owner: ProcessIdentity, nonce: string): string =>
          JSON.stringify({ owner, nonce, expiresAt: clock.now() + 60_000 })
        await plantDraft(made, 'of-dead', text(dead, 'of-dead'))
        await plantDraft(made, 'of-living', text(living, 'of-living'))
        await plantDraft(made, 'cut-short', text(dead, 'cut-short').slice(0, 9))
        await made.age(`${path}.cut-short.draft/cut-short`)
        await plantDraft(made, 'being-written', text(living, 'being-written').slice(0, 9))
        await plantDraft(made, 'empty', undefined)
        expect((await made.lock.holding(path, noWait, () => okAsync(1))).isOk()).toBe(true)
        expect(await namesBeside(made)).toEqual([
          'lock.being-written.draft',
          'lock.of-living.draft',
        ])
      },
    )

    it('has its drafts looked for once in a life', async () => {
      const made = make()
      expect((await made.lock.holding(made.path, noWait, () => okAsync(1))).isOk()).toBe(true)
      await plantDraft(made, 'empty', undefined)
      expect((await made.lock.holding(made.path, noWait, () => okAsync(1))).isOk()).toBe(true)
      expect(await namesBeside(made)).toEqual(['lock.empty.draft'])
    })

    it('is a fault, not a wait, where there is no folder to hold it', async () => {
      const made = make()
      ;(await made.files.create(made.path, 'a plain file'))._unsafeUnwrap()
      const refused = await made.lock.holding(made.path, noWait, () => okAsync(1))
      expect(refused._unsafeUnwrapErr()).toMatchObject({ _tag: 'FileFault', code: 'ENOTDIR' })
    })
  })

  losses(name, make)
}

const losses = (name: string, make: () => LockUnderTest): void => {
  const confirming = (
    made: LockUnderTest,
    expiresAfter: number,
    before: () => Promise<void>,
    remaining?: number,
  ) =>
    made.lock.holding(made.path, { waitMax: 0, expiresAfter }, (held: Held) =>
      asWork(before).andThen(() => held.confirm(remaining)),
    )
  const nothing = async () => undefined

  describe(`${name}: confirm`, () => {
    it('is Ok while the lock is ours', async () => {
      expect((await confirming(make(), 60_000, nothing)).isOk()).toBe(true)
      expect((await confirming(make(), 60_000, nothing, 30_000)).isOk()).toBe(true)
    })

    it('is LockLost when the rest of its time is too short', async () => {
      const made = make()
      const lost = await confirming(made, 60_000, nothing, 60_001)
      expect(lost._unsafeUnwrapErr()).toEqual({ _tag: 'LockLost', path: made.path })
    })

    it('is LockLost when its time is over', async () => {
      const made = make()
      const lost = await confirming(made, 20, async () => {
        await made.clock.sleep(21)
      })
      expect(lost._unsafeUnwrapErr()).toEqual({ _tag: 'LockLost', path: made.path })
      expect(await namesBeside(made)).toEqual([])
    })

    it('is LockLost when somebody else has it, whose claim is not released', async () => {
      const made = make()
      const lost = await confirming(made, 60_000, () => usurp(made))
      expect(lost._unsafeUnwrapErr()).toEqual({ _tag: 'LockLost', path: made.path })
      expect((await made.files.list(made.path))._unsafeUnwrap()).toEqual(['theirs'])
    })
  })
}
