/**
 * Serves conversations from the accounts of a folder, as a door does: each line it is told is one, of
 * which it asks the model once, and says `<conversation> <status>` when the answer has ended.
 */
import { createInterface } from 'node:readline'
import * as O from 'fp-ts/Option'
import { nodeClock } from '../../adapters/node/clock'
import { nodeCompression } from '../../adapters/node/compression'
import { nodeFileSystem } from '../../adapters/node/file-system'
import { nodeHash } from '../../adapters/node/hash'
import { nodeHttp } from '../../adapters/node/http'
import { nodeLock } from '../../adapters/node/lock'
import { nodeProcess } from '../../adapters/node/process'
import { nodeRandom } from '../../adapters/node/random'
import { nodeWatcher } from '../../adapters/node/watcher'
import * as Layout from '../../core/storage/layout'
import { readText } from '../../entrypoints/programs/body'
import { route } from '../../entrypoints/programs/route'
import { openRouter, type Router } from '../../entrypoints/programs/router'
import { modelBody } from './model-request'

const [root = '', origin = ''] = process.argv.slice(2)
const layout = Layout.of({ home: root, codexHome: `${root}/codex`, ownRoot: `${root}/pool` })
const files = nodeFileSystem()
const clock = nodeClock()
const random = nodeRandom()
const host = nodeProcess()
const ports = {
  ...{ files, clock, random, process: host },
  lock: nodeLock({ files, clock, random, process: host }),
  hash: nodeHash(),
  http: nodeHttp(process.env),
  compression: nodeCompression(),
  watcher: nodeWatcher(),
}

const answerBytesMax = 1024 * 1024

const serve = async (router: Router, conversation: string): Promise<void> => {
  const answer = await route(router)({
    purpose: 'model',
    client: 'official',
    method: 'POST',
    path: '/codex/responses',
    headers: [
      ['content-type', 'application/json'],
      ['thread-id', conversation],
    ],
    body: [new TextEncoder().encode(JSON.stringify(modelBody))],
    conversation: O.some({ id: conversation, parent: O.none }),
    gone: new AbortController().signal,
  })
  const { body, status } = answer._unsafeUnwrap()
  await readText(body, answerBytesMax).unwrapOr('')
  process.stdout.write(`${conversation} ${status}\n`)
}

const main = async (): Promise<void> => {
  const opened = await openRouter(ports, {
    layout,
    seams: { issuer: origin, backend: `${origin}/backend-api`, isRealBackend: false },
    environment: process.env,
    strict: O.none,
    witness: {
      decided: () => undefined,
      served: () => undefined,
      rested: () => undefined,
      usedModel: () => undefined,
      passedOn: () => undefined,
      gaveUp: () => undefined,
    },
  })
  const { close, router } = opened._unsafeUnwrap()
  process.stdout.write('ready\n')
  const served: Array<Promise<void>> = []
  for await (const conversation of createInterface({ input: process.stdin }))
    served.push(serve(router, conversation))
  await Promise.all(served)
  ;(await close())._unsafeUnwrap()
}

void main()
