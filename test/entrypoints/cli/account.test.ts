import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cliWorld, documentOf, layout } from '../../support/cli'
import { expectGolden } from '../../support/golden'

const files = {
  [layout.pool]: readFileSync(
    join(__dirname, '../../fixtures/existing-tool/openai-codex-accounts.json'),
    'utf8',
  ),
}
const edsger = 'acc-edsger-0000-4000-8000-000000000003/user-edsger'
const standard = { tags: [], weight: 1, tier: 1, paused: false, draining: false, note: '' }

it.each([
  { words: ['tag', '3', 'Work', 'eu'], policy: { tags: ['eu', 'work'] } },
  { words: ['weight', '3', '2.5'], policy: { weight: 2.5 } },
  { words: ['tier', '3', '0'], policy: { tier: 0 } },
  { words: ['pause', '3'], policy: { paused: true } },
  { words: ['drain', '3'], policy: { draining: true } },
  { words: ['note', '3', 'until May'], policy: { note: 'until May' } },
])('account $words changes one thing of one account', async ({ words, policy }) => {
  const world = await cliWorld({ files })
  const { command, data } = documentOf(await world.run(['account', ...words, '--json']))
  expect(command).toBe(`account ${words[0]}`)
  expect(data).toMatchObject({ account: { key: edsger }, changed: true })
  expect(data.policy).toEqual({ ...standard, ...policy })
  const { accounts } = documentOf(await world.run(['account', 'policy', '--json'])).data
  expect(accounts.map((one: { policy: object }) => one.policy)).toEqual([
    standard,
    standard,
    { ...standard, ...policy },
    standard,
  ])
  expect(documentOf(await world.run(['account', ...words, '--json'])).data.changed).toBe(false)
  expect(world.text(layout.pool)).toBe(files[layout.pool])
})

it.each([
  { done: ['tag', '3', 'work', 'eu'], undone: ['untag', '3', 'work', 'EU'] },
  { done: ['pause', '3'], undone: ['unpause', '3'] },
  { done: ['drain', '3'], undone: ['undrain', '3'] },
  { done: ['note', '3', 'x'], undone: ['note', '3', ''] },
])('account $undone takes back what $done did', async ({ done, undone }) => {
  const world = await cliWorld({ files })
  await world.run(['account', ...done])
  expect(documentOf(await world.run(['account', ...undone, '--json'])).data.policy).toEqual(
    standard,
  )
  expect(JSON.parse(world.text(layout.policies) ?? '')).toEqual({ byAccount: {} })
})

it('says what an account is set to, in words', async () => {
  const world = await cliWorld({ files })
  await world.run(['account', 'tag', '3', 'work', 'eu'])
  await world.run(['account', 'tier', '3', '0'])
  await world.run(['account', 'note', '3', 'until May'])
  const { answer } = await world.run(['account', 'pause', '3'])
  const again = await world.run(['account', 'pause', '3'])
  expectGolden('account-pause', answer + again.answer)
  expectGolden('account-policy', (await world.run(['account', 'policy'])).answer)
  expect((await world.run(['account', 'policy', 'edsger'])).answer).toContain('tags eu work')
  expect((await world.run(['account', 'policy', 'edsger'])).answer).not.toContain('ada')
})

it('shows a paused account as one that does not serve', async () => {
  const world = await cliWorld({ files })
  await world.run(['account', 'pause', '1'])
  const [account] = documentOf(await world.run(['list', '--json'])).data.accounts
  expect(account).toMatchObject({ enabled: true, status: 'disabled', reasons: ['paused'] })
  expect((await world.run(['list'])).answer).toMatch(/1 {2}Label ada .* paused /)
})

it.each([
  { words: ['weight', '1', '11'], code: 'weight-unfit' },
  { words: ['weight', '1', 'much'], code: 'weight-unfit' },
  { words: ['weight', '1', ''], code: 'wrong-usage' },
  { words: ['weight', '1', ' '], code: 'weight-unfit' },
  { words: ['tier', '1', '1.5'], code: 'tier-unfit' },
  { words: ['tag', '1', ''], code: 'tag-unfit' },
  { words: ['note', '1', 'a\u0007'], code: 'note-unfit' },
  { words: ['pause', 'nobody'], code: 'no-match' },
  { words: ['pause', 'mail.test'], code: 'several-match' },
  { words: ['policy', 'nobody'], code: 'no-match' },
])('account $words is refused, and changes nothing', async ({ words, code }) => {
  const world = await cliWorld({ files })
  const ran = await world.run(['account', ...words, '--json'])
  expect(ran.code).toBe(2)
  expect(documentOf(ran).error.code).toBe(code)
  expect(world.text(layout.policies)).toBeUndefined()
})

it('leaves a file it cannot read alone', async () => {
  const world = await cliWorld({ files: { ...files, [layout.policies]: '{"byAccount":[' } })
  for (const words of [['pause', '1'], ['policy']]) {
    const ran = await world.run(['account', ...words, '--json'])
    expect(ran.code).toBe(5)
    expect(documentOf(ran).error.code).toBe('policies-malformed')
  }
  expect(world.text(layout.policies)).toBe('{"byAccount":[')
})

it('loses nothing when several are set at once', async () => {
  const world = await cliWorld({ files })
  const ran = await world.together(
    [1, 2, 3, 4].map((number) => ['account', 'weight', String(number), String(number + 1)]),
  )
  expect(ran.map(({ code }) => code)).toEqual([0, 0, 0, 0])
  const { accounts } = documentOf(await world.run(['account', 'policy', '--json'])).data
  expect(accounts.map(({ policy }: any) => policy.weight)).toEqual([2, 3, 4, 5])
})

it('forgets what was wanted of an account that is removed, and of no other', async () => {
  const world = await cliWorld({ files })
  await world.run(['account', 'note', '3', 'of edsger'])
  await world.run(['account', 'weight', '1', '2'])
  expect(await world.run(['remove', '3', '--yes'])).toMatchObject({ code: 0, talk: '' })
  expect(world.text(layout.policies)).not.toContain('edsger')
  expect(JSON.parse(world.text(layout.policies) ?? '').byAccount).toMatchObject({
    'acc-ada-0000-4000-8000-000000000001/user-ada': { weight: 2 },
  })
})

it('names the file when what is there cannot be forgotten', async () => {
  const world = await cliWorld({ files: { ...files, [layout.policies]: '[' } })
  const ran = await world.run(['remove', '3', '--yes'])
  expect(ran.code).toBe(0)
  expect(ran.talk).toContain(`${layout.policies} could not be cleaned`)
})

it('has nothing to show without accounts', async () => {
  const world = await cliWorld()
  expect((await world.run(['account', 'policy'])).answer).toMatch(/^No accounts yet\./)
})
