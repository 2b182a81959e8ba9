import * as fc from 'fast-check'
import { cliWorld, documentOf, home, killed, layout, type CliWorld } from '../../support/cli'

const environment = { SHELL: '/bin/bash', PATH: '/usr/bin' }
const bashrc = `${home}/.bashrc`
const profile = `${home}/.profile`
const dotfiles = { [bashrc]: 'alias a=b', [profile]: '. ~/.bashrc\n' }

const lived = (files: Readonly<Record<string, string | null>> = dotfiles) =>
  cliWorld({ files: { ...files, [layout.root]: null }, environment })

/** Without what an empty folder of ours shows as. */
const outside = (world: CliWorld) =>
  Object.fromEntries(
    Object.entries(world.disk.snapshot()).filter(([path]) => !path.startsWith(layout.root)),
  )

describe('shim install', () => {
  it('writes the shim, and a block into the start files of the shell', async () => {
    const world = await lived()
    const ran = await world.run(['shim', 'install'])
    expect([ran.code, ran.talk]).toEqual([0, ''])
    expect(ran.answer).toBe(
      [
        `The shim is ${layout.shim}`,
        `  edited  ${profile}`,
        `  edited  ${bashrc}`,
        'New shells find it first. In this one:',
        `  export PATH='${layout.shimFolder}':"$PATH"`,
        'Take it away: codex-multi-auth shim remove',
        '',
      ].join('\n'),
    )
    expect(world.disk.modeOf(layout.shim)).toBe(0o700)
    expect(world.text(layout.shim)).toContain('/usr/lib/node_modules/codex-multi-auth/dist/main.js')
    expect(world.text(bashrc)).toMatch(/^alias a=b\n# >>> codex-multi-auth shim, after/)
    expect(world.text(profile)).toMatch(/^\. ~\/\.bashrc\n# >>> codex-multi-auth shim >>>\n/)
  })

  it('changes nothing the second time, and says so', async () => {
    const world = await lived()
    await world.run(['shim', 'install'])
    const before = world.disk.snapshot()
    const ran = await world.run(['shim', 'install', '--json'])
    expect(documentOf(ran).data).toMatchObject({ changed: false })
    expect(world.disk.snapshot()).toEqual(before)
  })

  it('keeps the mode of a file and edits it where its link leads', async () => {
    const world = await lived({ '/home/ada/dots/bashrc': 'x\n', [profile]: '' })
    world.disk.link('/home/ada/dots/bashrc', bashrc)
    world.disk.chmod('/home/ada/dots/bashrc', 0o644)
    await world.run(['shim', 'install'])
    expect(world.text('/home/ada/dots/bashrc')).toContain('multi-auth/bin')
    expect(world.disk.modeOf('/home/ada/dots/bashrc')).toBe(0o644)
    expect(world.disk.realpath(bashrc)).toBe('/home/ada/dots/bashrc')
  })

  it.each([
    { there: ['.bash_profile', '.bash_login', '.profile'], edited: '.bash_profile' },
    { there: ['.bash_login', '.profile'], edited: '.bash_login' },
    { there: [], edited: '.profile' },
  ])('of the login files $there edits $edited, as bash reads it', async ({ there, edited }) => {
    const world = await lived(Object.fromEntries(there.map((name) => [`${home}/${name}`, 'x\n'])))
    const { data } = documentOf(await world.run(['shim', 'install', '--json']))
    expect(data.files.map(({ path }: { path: string }) => path)).toEqual([
      `${home}/${edited}`,
      bashrc,
    ])
  })

  it('leaves a file alone whose bytes could not be put back', async () => {
    const world = await lived({ [bashrc]: 'a\uFFFDb', [profile]: '' })
    const before = outside(world)
    const ran = await world.run(['shim', 'install', '--json'])
    expect([ran.code, documentOf(ran).error.code]).toEqual([5, 'not-text'])
    expect(outside(world)).toEqual(before)
    expect(world.text(layout.shim)).toBeUndefined()
  })

  it('does not put a file in the place of a link that leads nowhere', async () => {
    const world = await lived({})
    world.disk.link('/home/ada/nothing', bashrc)
    const ran = await world.run(['shim', 'install', '--json'])
    expect([ran.code, documentOf(ran).error.code]).toEqual([5, 'storage-in-the-way'])
  })

  it('tells with --dry-run what it would do, and does nothing', async () => {
    const world = await lived()
    const before = world.disk.snapshot()
    const ran = await world.run(['shim', 'install', '--dry-run'])
    expect(ran.answer).toBe(
      `The shim would be ${layout.shim}\n  would be edited  ${profile}\n  would be edited  ${bashrc}\nNothing was changed.\n`,
    )
    expect(world.disk.snapshot()).toEqual(before)
  })

  it.each([
    { words: ['shim', 'frobnicate'], says: 'install, remove, status' },
    { words: ['shim', 'install', '--shell', 'dash'], says: 'bash, zsh, fish' },
    { words: ['shim', 'remove', '--dry-run'], says: '--dry-run' },
    { words: ['shim'], says: '<action>' },
  ])('$words is wrong usage', async ({ words, says }) => {
    const ran = await (await lived()).run(words)
    expect([ran.code, ran.answer]).toEqual([2, ''])
    expect(ran.talk).toContain(says)
  })
})

describe('shim remove', () => {
  it.each([
    { name: 'bash', shell: 'bash', files: dotfiles },
    { name: 'bash without any file', shell: 'bash', files: {} },
    { name: 'zsh', shell: 'zsh', files: { [`${home}/.zshrc`]: 'x' } },
    { name: 'fish', shell: 'fish', files: {} },
    { name: 'fish with a folder', shell: 'fish', files: { [`${home}/.config/fish/a`]: '' } },
  ])('leaves every file of $name as it was, and nothing of ours', async ({ shell, files }) => {
    const world = await lived(files)
    const before = world.disk.snapshot()
    await world.run(['shim', 'install', '--shell', shell])
    expect(world.disk.snapshot()).not.toEqual(before)
    const ran = await world.run(['shim', 'remove'])
    expect(ran.answer).toContain('The shim is gone.')
    expect(world.disk.snapshot()).toEqual(before)
    expect((await world.run(['shim', 'remove'])).answer).toBe('There is no shim.\n')
  })

  it('takes its block alone out of a file that was edited since', async () => {
    const world = await lived({})
    await world.run(['shim', 'install'])
    const file = world.disk.open(bashrc, 'a', 0o600, 1)
    world.disk.write(file, 'alias mine=1\n', 1)
    world.disk.close(file)
    await world.run(['shim', 'remove'])
    expect(outside(world)).toEqual({ [bashrc]: 'alias mine=1\n' })
  })

  it('leaves all as it is when the journal cannot be read', async () => {
    const world = await lived({ ...dotfiles, [layout.edits]: '{"version":9}' })
    const before = world.disk.snapshot()
    const ran = await world.run(['shim', 'remove', '--json'])
    expect([ran.code, documentOf(ran).error.code]).toEqual([5, 'edits-unreadable'])
    expect(world.disk.snapshot()).toEqual(before)
  })
})

it('can always be taken away, wherever an install and a removal died', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('bash', 'fish'),
      fc.nat(90),
      fc.nat(90),
      fc.constantFrom('KillBefore' as const, 'KillAfter' as const),
      async (shell, first, second, death) => {
        let steps = Infinity
        const world = await cliWorld({
          files: { ...dotfiles, [layout.root]: null },
          environment: { ...environment, SHELL: shell },
          disturb: ({ process }) => {
            if (process !== 'cli') return { _tag: 'None' }
            steps -= 1
            return steps === 0 ? { _tag: death } : { _tag: 'None' }
          },
        })
        const before = outside(world)
        for (const [action, at] of [
          ['install', first],
          ['remove', second],
        ] as const) {
          steps = at
          await world.run(['shim', action])
        }
        steps = Infinity
        expect((await world.run(['shim', 'remove'])).code).not.toBe(killed)
        expect(outside(world)).toEqual(before)
        expect(world.text(layout.shim)).toBeUndefined()
        expect(world.text(layout.edits)).toBeUndefined()
      },
    ),
    { numRuns: 60 },
  )
}, 60_000)

describe('shim status', () => {
  const official = { '/usr/bin/codex': 'x'.repeat(70_000) }
  const seen = async (path: string, isInstalled: boolean) => {
    const world = await cliWorld({
      files: { ...dotfiles, ...official },
      environment: { ...environment, PATH: path },
    })
    world.disk.chmod('/usr/bin/codex', 0o755)
    if (isInstalled) await world.run(['shim', 'install'])
    return world.run(['shim', 'status', '--json'])
  }

  it.each([
    {
      name: 'without a shim',
      ...{ path: '/usr/bin', isInstalled: false },
      expected: {
        ...{ installed: false, ahead: false, first: '/usr/bin/codex', files: [] },
        mend: 'codex-multi-auth shim install',
      },
    },
    {
      name: 'in a shell from before',
      ...{ path: '/usr/bin', isInstalled: true },
      expected: {
        ...{ installed: true, ahead: false, first: '/usr/bin/codex', files: [profile, bashrc] },
        mend: `export PATH='${layout.shimFolder}':"$PATH"`,
      },
    },
    {
      name: 'in a new shell',
      ...{ path: `${layout.shimFolder}:/usr/bin`, isInstalled: true },
      expected: {
        ...{ installed: true, ahead: true, first: layout.shim, files: [profile, bashrc] },
        mend: null,
      },
    },
  ])('$name', async ({ path, isInstalled, expected }) => {
    const { data } = documentOf(await seen(path, isInstalled))
    expect(data).toEqual({ shim: layout.shim, official: '/usr/bin/codex', ...expected })
  })

  it('asks for an install when the shim leads to another place', async () => {
    const world = await cliWorld({ files: dotfiles, environment })
    await world.run(['shim', 'install'])
    world.disk.unlink(bashrc, 1)
    expect((await world.run(['shim', 'status'])).answer).toContain('codex-multi-auth shim install')
  })
})
