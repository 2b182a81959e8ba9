import { cliWorld, documentOf, layout } from '../../support/cli'
import { expectGolden } from '../../support/golden'

const files = {
  [layout.pool]: '{"version":3,"accounts":[]}',
  [`${layout.pool}.bak`]: 'copy',
  [layout.quota]: '{}',
  [layout.runtimeState]: '{}',
  [layout.decisions]: '',
  [`${layout.root}/odd\u001b[2J.txt`]: '12345',
}

describe('status --files', () => {
  it('shows every file with what it holds', async () => {
    const world = await cliWorld({ files })
    const ran = await world.run(['status', '--files'])
    expect(ran).toMatchObject({ code: 0, talk: '' })
    expectGolden('status-files', ran.answer)
  })

  it('tells a program the same', async () => {
    const world = await cliWorld({ files: { ...files, [layout.authFile]: '{}' } })
    const { data } = documentOf(await world.run(['status', '--files', '--json']))
    expect(data.files).toHaveLength(Object.keys(files).length)
    expect(data.files).toContainEqual({
      path: layout.quota,
      bytes: 2,
      mode: expect.stringMatching(/^[0-7]{3}$/),
      holds: 'the last known quota of each account',
    })
    expect(data.official).toEqual([{ path: layout.authFile, exists: true }])
  })

  it('says who writes the sign-in file of the official CLI', async () => {
    const world = await cliWorld({ files: { [layout.authFile]: '{}' } })
    expect((await world.run(['status', '--files'])).answer).toContain(
      `${layout.authFile} is the official CLI’s; the setting syncCodexCli says when it is written here.\n`,
    )
  })

  it('has nothing to show before the first sign-in, and makes nothing', async () => {
    const world = await cliWorld()
    const before = world.disk.snapshot()
    const ran = await world.run(['status', '--files'])
    expect(ran.answer).toBe(
      `Nothing is stored.\n\n${layout.authFile} is missing; the next login writes it for the official CLI.\n`,
    )
    expect(world.disk.snapshot()).toEqual(before)
  })
})
