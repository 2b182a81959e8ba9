/** A backend behind a CONNECT proxy and a private root, reached by the built product. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { hostname } from 'node:os'
import { until } from '../support/until'
import { openPrivateNetwork, type PrivateNetwork } from './support/private-network'
import { productEnvironment, program, runProduct, writePool } from './support/product'
import { fixedHosts } from './support/recording-proxy'
import type { Ran } from './support/run-program'
import { openScene, type Scene } from './support/scene'

let scene: Scene
let network: PrivateNetwork

beforeEach(async () => {
  scene = await openScene()
  network = await openPrivateNetwork(scene.upstream, scene.home.path)
})

afterEach(async () => {
  network.close()
  await scene.close()
})

const given = ['codex', 'exec', '--skip-git-repo-check', 'Say hello.'] as const

const through = (environment: Readonly<Record<string, string>>) => ({
  ...scene,
  environment: {
    HTTPS_PROXY: network.proxyUrl,
    https_proxy: network.proxyUrl,
    CODEX_MULTI_AUTH_BACKEND: network.backend,
    CODEX_MULTI_AUTH_ISSUER: network.issuer,
    ...environment,
  },
})

const exec = (environment: Readonly<Record<string, string>>): Promise<Ran> =>
  runProduct(through(environment), ...given)

/** Ada alone, whose token has ended: the issuer is asked first, the backend then. */
const signInStale = async (): Promise<void> => {
  const { ada, home, upstream } = scene
  const tokens = upstream.signIn(ada, { lifetimes: { access: -1_000 } })
  await writePool(home, [{ account: ada, tokens }])
  await home.writeLogin(tokens, ada)
}

/** Of ours: the official CLI asks for some hosts whatever its bases are. */
const asked = (): ReadonlyArray<string> => [
  ...new Set(network.asked().filter((target) => !fixedHosts.includes(target.replace(/:443$/, '')))),
]

it.each(['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE'])(
  'renews a token and serves a prompt, trusting what %s names',
  async (variable) => {
    await signInStale()
    const ran = await exec({ [variable]: network.rootsFile })
    expect([ran.stdout, ran.code]).toEqual(['Hello from the model.\n', 0])
    expect(scene.upstream.journal.refreshes()).toHaveLength(1)
    expect([...asked()].sort()).toEqual(['backend.test:443', 'issuer.test:443'])
  },
)

it.each([
  { of: 'no file', environment: {} },
  { of: 'a file of others', environment: { NODE_EXTRA_CA_CERTS: '/dev/null' } },
])('sends nothing to an address that nobody vouches for: $of', async ({ environment }) => {
  await signInStale()
  const child = spawn(process.execPath, [program, ...given], {
    cwd: scene.home.workspace,
    env: productEnvironment(through(environment)),
    stdio: 'ignore',
    timeout: 40_000,
  })
  const ended = once(child, 'exit')
  // It asked again, so what the first time brought is known.
  const hasTried = async () => network.asked().filter((one) => one === 'issuer.test:443').length > 1
  expect(await until(hasTried)).toBe(true)
  child.kill('SIGTERM')
  await ended
  expect(scene.upstream.journal.calls()).toEqual([])
})

it.each([
  { exempts: 'nothing of it', names: '127.0.0.1,localhost', isAsked: true },
  { exempts: 'the backend', names: `127.0.0.1,localhost,${hostname()}`, isAsked: false },
])('with a NO_PROXY that exempts $exempts', async ({ names, isAsked }) => {
  await scene.signInAll()
  const ran = await exec({
    NO_PROXY: names,
    no_proxy: names,
    CODEX_MULTI_AUTH_BACKEND: network.nearBackend,
    CODEX_CA_CERTIFICATE: network.rootsFile,
  })
  expect([ran.stdout, ran.code]).toEqual(['Hello from the model.\n', 0])
  expect(network.asked().includes(new URL(network.nearBackend).host)).toBe(isAsked)
})
