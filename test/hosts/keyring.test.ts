/**
 * A sign-in of the official CLI that is not in `auth.json`. A machine without a desktop has no
 * keyring, so what the CLI does with a token out of one is not seen here; it shows none, and the owner
 * of its socket is served.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runProduct } from './support/product'
import type { Ran } from './support/run-program'
import { openScene, type Scene } from './support/scene'

let scene: Scene

beforeEach(async () => {
  scene = await openScene()
  await scene.signInAll()
})

/** Where the official CLI looks for plugins while it finds no sign-in, whatever its bases are. */
const pluginHosts = ['github.com', 'chatgpt.com']

afterEach(async () => {
  const strays = scene.proxy.strays().filter((host) => !pluginHosts.includes(host))
  await scene.close()
  expect(strays).toEqual([])
})

const exec = (...given: ReadonlyArray<string>): Promise<Ran> =>
  runProduct(
    { ...scene, timeMax: 40_000 },
    ...['codex', 'exec', '--skip-git-repo-check', ...given, 'Say hello.'],
  )

const stores = ['keyring', 'auto', 'ephemeral'] as const

it.each(stores)('kept in %s by the configuration: the prompt is answered', async (store) => {
  const file = join(scene.home.path, 'config.toml')
  await writeFile(file, `cli_auth_credentials_store = "${store}"\n`)
  const ran = await exec()
  expect([ran.stdout, ran.code]).toEqual(['Hello from the model.\n', 0])
})

it.each(stores)('kept in %s by an argument: the prompt is answered', async (store) => {
  const ran = await exec('-c', `cli_auth_credentials_store="${store}"`)
  expect([ran.stdout, ran.code]).toEqual(['Hello from the model.\n', 0])
})
