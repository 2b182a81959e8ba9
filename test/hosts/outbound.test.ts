/** A backend behind a CONNECT proxy and a private root, reached by the built product. */
import { runProduct, writePool } from './support/product'
import { openPrivateNetwork, type PrivateNetwork } from './support/private-network'
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

const exec = (environment: Readonly<Record<string, string>>): Promise<Ran> =>
  runProduct(
    {
      ...scene,
      environment: {
        HTTPS_PROXY: network.proxyUrl,
        https_proxy: network.proxyUrl,
        CODEX_MULTI_AUTH_BACKEND: network.backend,
        CODEX_MULTI_AUTH_ISSUER: network.issuer,
        ...environment,
      },
    },
    ...['codex', 'exec', '--skip-git-repo-check', 'Say hello.'],
  )

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
