/** The demo's composition root: the simulated upstream, a home for the moment, and who asks. */
import * as O from 'fp-ts/Option'
import { errAsync, ok, okAsync, ResultAsync, safeTry } from 'neverthrow'
import { nodeClock } from '../../../adapters/node/clock'
import { nodeCompression } from '../../../adapters/node/compression'
import { nodeFileSystem } from '../../../adapters/node/file-system'
import { nodeHash } from '../../../adapters/node/hash'
import { nodeHttp } from '../../../adapters/node/http'
import { nodeHttpServer } from '../../../adapters/node/http-server'
import { nodeLock } from '../../../adapters/node/lock'
import { nodeProcess } from '../../../adapters/node/process'
import { nodeRandom } from '../../../adapters/node/random'
import { nodeTerminal } from '../../../adapters/node/terminal'
import { nodeWatcher } from '../../../adapters/node/watcher'
import { parseJson } from '../../../core/result'
import * as Layout from '../../../core/storage/layout'
import { startUpstream, type Upstream } from '../../embed/testing/upstream'
import { findCodex } from '../../programs/installation'
import * as Asker from './asker'
import { makeHome, type Home } from './home'
import { play, type DemoFailed, type Stage } from './stage'
import type { Told } from './story'

const failed = ({ _tag }: { readonly _tag: string }): DemoFailed => ({
  _tag: 'DemoFailed',
  because: _tag,
})

const nodePorts = () => {
  const files = nodeFileSystem()
  const clock = nodeClock()
  const random = nodeRandom()
  const processes = nodeProcess()
  return {
    files,
    clock,
    random,
    process: processes,
    lock: nodeLock({ files, clock, random, process: processes }),
    hash: nodeHash(),
    http: nodeHttp({}),
    compression: nodeCompression(),
    server: nodeHttpServer(),
    terminal: nodeTerminal(),
    watcher: nodeWatcher(),
  }
}

export const runDemo = (): ResultAsync<Told, DemoFailed> =>
  safeTry(async function* () {
    const ports = nodePorts()
    const { clock, hash, random, server } = ports
    const upstream = yield* startUpstream({ httpServer: server, clock, random, hash }).mapErr(
      failed,
    )
    const parent = process.env['TMPDIR'] ?? process.env['TEMP'] ?? '/tmp'
    const home = yield* makeHome(ports, parent).mapErr(failed)
    const told = await stageIn(ports, upstream, home).andThen(play)
    yield* upstream.close()
    yield* home.remove().mapErr(failed)
    return told
  })

const stageIn = (
  ports: ReturnType<typeof nodePorts>,
  upstream: Upstream,
  home: Home,
): ResultAsync<Stage, DemoFailed> => {
  const layout = Layout.of({ home: home.path, codexHome: home.path, ownRoot: undefined })
  const { issuer, backend } = upstream
  const setting: Asker.Setting = {
    layout,
    seams: { issuer, backend, isRealBackend: false },
    program: [process.execPath, `${__dirname}/main.js`],
    workspace: home.workspace,
  }
  return findCodex(ports)({
    platform: process.platform,
    architecture: process.arch,
    environment: process.env,
    home: process.env['HOME'] ?? process.env['USERPROFILE'] ?? '',
    ownFolder: __dirname,
    node: process.execPath,
  })
    .andThen(({ versionFiles }) => versionIn(ports, versionFiles))
    .map((version): Stage => ({
      ports,
      layout,
      upstream,
      asker: { _tag: 'Codex', version },
      ask: Asker.codex(ports, setting),
    }))
    .orElse(() =>
      ok<Stage, DemoFailed>({
        ports,
        layout,
        upstream,
        asker: { _tag: 'PlainClient' },
        ask: Asker.plainClient(ports, setting, throughProxy(setting)),
      }),
    )
}

const throughProxy =
  ({ layout, seams }: Asker.Setting) =>
  <A>(use: (modelPort: number) => ResultAsync<A, DemoFailed>): ResultAsync<A, DemoFailed> =>
    ResultAsync.fromSafePromise(import('../../codex/proxy/main'))
      .andThen(({ startProxy }) =>
        startProxy({
          layout,
          seams,
          environment: { CODEX_MULTI_AUTH_QUIET: '1' },
          kind: 'exec',
          store: 'file',
          strict: O.none,
        }).mapErr(failed),
      )
      .andThen((proxy) =>
        use(proxy.modelPort)
          .andThen((answer) => proxy.close().map(() => answer))
          .orElse((error) => proxy.close().andThen(() => errAsync(error))),
      )

/** Empty where no file tells it. */
const versionIn = (
  ports: Pick<ReturnType<typeof nodePorts>, 'files'>,
  [file]: ReadonlyArray<string>,
): ResultAsync<string, never> =>
  file === undefined
    ? okAsync('')
    : ports.files
        .read(file)
        .andThen(parseJson)
        .map((json) =>
          typeof json === 'object' && json !== null && 'version' in json
            ? String(json.version)
            : '',
        )
        .orElse(() => okAsync(''))
