import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cliWorld, documentOf, layout } from '../../support/cli'

const text = readFileSync(
  join(__dirname, '../../fixtures/existing-tool/openai-codex-accounts.json'),
  'utf8',
)
const files = { [layout.pool]: text }

describe('rename', () => {
  it('gives a label, by which the account is found', async () => {
    const world = await cliWorld({ files })
    expect(await world.run(['rename', 'grace', ' night shift '])).toMatchObject({
      code: 0,
      answer: 'Account 2 is now night shift (grace@mail.test), plan plus.\n',
      talk: '',
    })
    expect(documentOf(await world.run(['rename', 'night', 'day', '--json'])).data).toMatchObject({
      account: { number: 2, label: 'day' },
    })
  })

  it('gives a label that begins with a dash, by which the account is found', async () => {
    const world = await cliWorld({ files })
    expect(await world.run(['rename', 'grace', '--', '-night'])).toMatchObject({
      code: 0,
      answer: 'Account 2 is now -night (grace@mail.test), plan plus.\n',
    })
    expect(await world.run(['rename', '--json', '--', '-night', 'day'])).toMatchObject({ code: 0 })
  })

  it('takes the label away', async () => {
    const world = await cliWorld({ files })
    expect((await world.run(['rename', '1', ''])).answer).toBe(
      'Account 1, ada@mail.test, has no label.\n',
    )
    expect(JSON.parse(world.text(layout.pool) ?? '').accounts[0]).not.toHaveProperty('accountLabel')
  })

  it.each([
    { label: 'a\u001b[31m', code: 'label-unprintable' },
    { label: 'x'.repeat(65), code: 'label-too-long' },
    { label: 'LABEL EDSGER', code: 'label-taken' },
  ])('refuses $label', async ({ label, code }) => {
    const world = await cliWorld({ files })
    const ran = await world.run(['rename', 'ada', label, '--json'])
    expect(ran.code).toBe(2)
    expect(documentOf(ran).error.code).toBe(code)
    expect(world.text(layout.pool)).toBe(text)
  })
})
