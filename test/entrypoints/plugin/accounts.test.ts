import { okAsync } from 'neverthrow'
import { openAccounts } from '../../../entrypoints/plugin/engine/accounts'
import { layout, makeWorld, portsOf, type World } from '../../support/world'

const toolIn = (world: World) => {
  const ports = portsOf(world, world.time.process('host'))
  const accounts = openAccounts(ports, layout, {}, () => okAsync(undefined))
  const ask = (what: 'list' | 'status' | 'why') =>
    world.time.run(async () => (await accounts[what]()).unwrapOr('refused'))
  const switchTo = (who: string) =>
    world.time.run(async () =>
      (await accounts.switchTo(who)).match(
        (said) => said,
        (refused) => refused,
      ),
    )
  return { ask, switchTo }
}

it('tells who the accounts are, what is left of them, and who serves next', async () => {
  const { ask } = toolIn(await makeWorld({ names: ['ada', 'grace'] }))
  expect(await ask('list')).toMatch(/^1\. ada\S* is ready.*\n2\. grace\S* is ready/)
  expect(await ask('status')).toMatch(
    /^Routing automatic, strategy hybrid\. Ready 2 of 2 accounts\.\n1\. ada.*\n   quota not seen yet\n2\. /,
  )
  expect(await ask('why')).toMatch(
    /^The next request goes to account \d, .*\n\n#\s+ACCOUNT\s+WHY\n/,
  )
})

it('switches to who is named, and says so where nobody is', async () => {
  const { ask, switchTo } = toolIn(await makeWorld({ names: ['ada', 'grace'] }))
  expect(await switchTo('2')).toMatch(/^Switched to grace/)
  expect(await ask('list')).toMatch(/2\. grace.*\(chosen\)/)
  expect(await switchTo('nobody')).toBe('No account is called nobody. Ask for the list.')
})

it('says how to sign in where nobody is', async () => {
  const { ask } = toolIn(await makeWorld({ names: [] }))
  for (const what of ['list', 'status'] as const)
    expect(await ask(what)).toMatch(/^No account is signed in\..*codex-multi-auth login$/)
})
