import * as OpenCode from '../../../core/hosts/opencode'
import { cliWorld, documentOf, home, layout, type CliWorld } from '../../support/cli'

const config = `${home}/.config/opencode/opencode.json`
const store = `${home}/.local/share/opencode/auth.json`

const outside = (world: CliWorld) =>
  Object.fromEntries(
    Object.entries(world.disk.snapshot()).filter(([path]) => !path.startsWith(layout.codexHome)),
  )

const lived = (files: Readonly<Record<string, string>>) =>
  cliWorld({ files: { ...files, [layout.root]: null } })

const commented = '{\n  // mine\n  "theme": "x"\n}\n'

describe('plugin install', () => {
  it('adds one line to the configuration and keeps the rest', async () => {
    const world = await lived({ [config]: commented })
    const ran = await world.run(['plugin', 'install', 'opencode'])
    expect([ran.code, ran.talk]).toEqual([0, ''])
    expect(ran.answer).toBe(`OpenCode loads the plugin at its next start.\n  edited  ${config}\n`)
    expect(world.text(config)).toContain('// mine')
    expect(world.text(config)).toContain(
      '"file:///usr/lib/node_modules/codex-multi-auth/dist/plugin.js"',
    )
  })

  it('changes nothing the second time, and says so', async () => {
    const world = await lived({ [config]: commented })
    await world.run(['plugin', 'install', 'opencode'])
    const before = world.disk.snapshot()
    const ran = await world.run(['plugin', 'install', 'opencode', '--json'])
    expect(documentOf(ran).data).toMatchObject({ changed: false })
    expect(world.disk.snapshot()).toEqual(before)
  })

  it.each([
    { name: 'a sign-in', openai: { type: 'oauth', refresh: 'of-the-host' }, offers: true },
    { name: 'an API key', openai: { type: 'api', key: 'of-the-host' }, offers: false },
    { name: 'nothing', openai: undefined, offers: false },
    { name: 'our placeholder', openai: OpenCode.entry, offers: false },
  ])('offers the account of a host that holds $name: $offers', async ({ offers, openai }) => {
    const held = JSON.stringify({ openai })
    const world = await lived({ [config]: '{}', [store]: held })
    const ran = await world.run(['plugin', 'install', 'opencode'])
    expect(ran.answer.includes('To have that account here too: codex-multi-auth login')).toBe(
      offers,
    )
    const { data } = documentOf(await world.run(['plugin', 'install', 'opencode', '--json']))
    expect(data).toMatchObject({ hostHasOwnSignIn: offers })
    expect(world.text(store)).toBe(held)
    expect(ran.answer).not.toContain('of-the-host')
  })

  it('prefers the file with comments in its name where both are there', async () => {
    const other = config.replace('.json', '.jsonc')
    const world = await lived({ [config]: '{}', [other]: '{}' })
    await world.run(['plugin', 'install', 'opencode'])
    expect(world.text(config)).toBe('{}')
    expect(world.text(other)).toContain('plugin.js')
  })

  it('leaves a configuration that is none alone, and says which', async () => {
    const world = await lived({ [config]: '{ broken' })
    const before = outside(world)
    const ran = await world.run(['plugin', 'install', 'opencode'])
    expect(ran.code).toBe(5)
    expect(ran.talk).toContain(config)
    expect(outside(world)).toEqual(before)
  })

  it.each(['install', 'remove'])('%s knows its hosts', async (action) => {
    const world = await lived({})
    const ran = await world.run(['plugin', action, 'vim'])
    expect(ran.code).toBe(2)
    expect(ran.talk).toContain('opencode')
  })
})

describe('plugin remove', () => {
  it.each([
    { name: 'a configuration with comments', files: { [config]: commented } },
    { name: 'no configuration at all', files: {} },
  ])('leaves $name as it was', async ({ files }) => {
    const world = await lived(files)
    const before = outside(world)
    await world.run(['plugin', 'install', 'opencode'])
    expect(outside(world)).not.toEqual(before)
    const ran = await world.run(['plugin', 'remove', 'opencode'])
    expect([ran.code, ran.talk]).toEqual([0, ''])
    expect(outside(world)).toEqual(before)
  })

  it('keeps what was written into the configuration since', async () => {
    const world = await lived({ [config]: commented })
    await world.run(['plugin', 'install', 'opencode'])
    const edited = world.text(config)?.replace('"x"', '"y"') ?? ''
    const later = await lived({ ...world.disk.snapshot(), [config]: edited } as never)
    await later.run(['plugin', 'remove', 'opencode'])
    expect(later.text(config)).toContain('"y"')
    expect(later.text(config)).not.toContain('plugin')
  })

  it('leaves a list with its comments where the host has named its schema since', async () => {
    const found = '{\n  // my plugins\n  "plugin": [], // none yet\n  "theme": "x"\n}\n'
    const schema = '{\n  "$schema": "https://opencode.ai/config.json",'
    const world = await lived({ [config]: found })
    await world.run(['plugin', 'install', 'opencode'])
    const edited = world.text(config)?.replace('{', schema) ?? ''
    const later = await lived({ ...world.disk.snapshot(), [config]: edited } as never)
    await later.run(['plugin', 'remove', 'opencode'])
    expect(later.text(config)).toBe(found.replace('{', schema))
  })

  it('says that there is none', async () => {
    const world = await lived({ [store]: '{}' })
    const ran = await world.run(['plugin', 'remove', 'opencode'])
    expect([ran.code, ran.answer]).toEqual([0, 'There is no plugin.\n'])
  })
})
