import { appendFile, chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeHome, type Home } from './home'
import { readTree } from './twin'

let home: Home
let twin: Home

beforeEach(async () => {
  ;[home, twin] = await Promise.all([makeHome(), makeHome()])
  for (const one of [home, twin]) await fill(one)
})

afterEach(async () => {
  await Promise.all([home.remove(), twin.remove()])
})

const at = (one: Home, name: string): string => join(one.path, name)

/** Two homes after the same run: nothing in them is equal but what has to be. */
const fill = async (one: Home): Promise<void> => {
  const mine = one === home ? '1' : '2'
  const id = `0000000${mine}-0000-4000-8000-000000000000`
  const time = `2026-11-22T12:00:0${mine}.123Z`
  await writeFile(at(one, '.profile'), 'A=1')
  await mkdir(at(one, 'sessions'))
  await writeFile(
    at(one, `sessions/rollout-2026-11-22T12-00-0${mine}-${id}.jsonl`),
    `{"id":"${id}","at":"${time}","cwd":"${one.workspace}","duration_ms":${mine},"text":"hi"}\n`,
  )
  await writeFile(
    at(one, 'auth.json'),
    JSON.stringify({ tokens: { refresh_token: mine, account_id: 'ada' }, last_refresh: time }),
  )
  await writeFile(at(one, 'models_cache.json'), JSON.stringify({ etag: mine, models: ['one'] }))
  await writeFile(at(one, 'state.sqlite'), mine)
  await writeFile(at(one, 'state.sqlite-wal'), mine)
  await writeFile(at(one, `auth${mine}.lock`), '')
  await mkdir(at(one, 'multi-auth'))
  await writeFile(at(one, 'multi-auth/ours'), mine)
}

const trees = () => Promise.all([home, twin].map((one) => readTree(one.path, ['multi-auth'])))

it('takes two runs of the same for the same', async () => {
  const [ours, theirs] = await trees()
  expect(ours).toEqual(theirs)
  expect([...(ours?.keys() ?? [])]).toEqual([
    ...[
      '.profile',
      'auth.json',
      'models_cache.json',
      'sessions',
      'sessions/rollout-<time>-<id>.jsonl',
    ],
    ...['state.sqlite', 'workspace'],
  ])
})

it.each<[string, () => Promise<unknown>]>([
  ['a file more', () => writeFile(at(home, 'sessions/note'), '')],
  ['a file less', () => rm(at(home, 'models_cache.json'))],
  ['a folder more', () => mkdir(at(home, 'log'))],
  ['a link more', () => symlink('auth.json', at(home, 'other.json'))],
  ['a database more', () => writeFile(at(home, 'other.sqlite'), '')],
  ['another text', () => writeFile(at(home, '.profile'), 'B=2')],
  ['a byte more in a text', () => appendFile(at(home, '.profile'), '\n')],
  ['another mode', () => chmod(at(home, 'auth.json'), 0o640)],
  ['another mode of a folder', () => chmod(at(home, 'sessions'), 0o700)],
  [
    'another account',
    () => writeFile(at(home, 'auth.json'), JSON.stringify({ tokens: { account_id: 'grace' } })),
  ],
  [
    'a key more beside those aside',
    () => writeFile(at(home, 'models_cache.json'), JSON.stringify({ models: ['one'], ours: 1 })),
  ],
])('tells %s', async (_, change) => {
  await change()
  const [ours, theirs] = await trees()
  expect(ours).not.toEqual(theirs)
})
