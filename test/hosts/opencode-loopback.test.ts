/**
 * Nothing that OpenCode does with the plugin in it needs anything but loopback. Shown without a proxy,
 * which a program may pass by, where there is no other network: every name that is asked for would be
 * known, every connection to a port of the web, and how many there were to any other.
 */
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import { cleanEnvironment } from '../support/clean-environment'
import { itOnLoopback, openLoopbackOnly, type LoopbackOnly } from './support/loopback-only'
import { runOpenCode, setUpOpenCode } from './support/opencode'
import { openScene, type Scene } from './support/scene'

const inIt = itOnLoopback()

let scene: Scene
let network: LoopbackOnly

beforeEach(async () => {
  scene = await openScene()
  network = await openLoopbackOnly(
    scene.upstream.origins.map((origin) => Number(new URL(origin).port)),
  )
})

afterEach(async () => {
  await network.close()
  await scene.close()
})

inIt('serves a turn and its title, over a limit and a token that has ended', async () => {
  await scene.signInAll()
  await setUpOpenCode(scene)
  const { ada, grace, upstream } = scene
  upstream.script(ada.key, [Behaviour.usageLimit()])
  upstream.refuseAccess(grace.key, 'token_expired')
  const around = { ...scene, proxy: { environment: {} } }
  const ran = await runOpenCode(around, [], {}, network.run)
  expect([ran.code, ran.text, ran.errors]).toEqual([0, 'Hello from the model.', []])
  // The title goes with the turn, also where that has moved to and waits for a token.
  expect(scene.attempts().map((times) => times > 0)).toEqual([true, true, false])
  expect(upstream.journal.refreshes()).toHaveLength(1)
  expect(await network.asked()).toEqual([])
})

inIt('would tell whoever asks for the outside, by name, by address or at any port', async () => {
  const ask = `
    const { connect } = require('node:net')
    const reach = ([host, port]) =>
      new Promise((resolve) => connect(port, host).on('error', () => undefined).on('close', resolve))
    Promise.all([['chatgpt.com', 443], ['203.0.113.7', 443], ['203.0.113.7', 8443]].map(reach))
      .then(() => fetch('${scene.upstream.issuer}/'))
      .then(({ status }) => console.log(status))
  `
  const ran = await network.run({
    program: process.execPath,
    arguments: ['-e', ask],
    cwd: scene.home.workspace,
    environment: cleanEnvironment(scene.home.path),
  })
  expect(ran.stdout).toMatch(/^\d{3}\n$/)
  expect(await network.asked()).toEqual(
    expect.arrayContaining(['chatgpt.com', '203.0.113.7:443', '1 at ports of nobody']),
  )
})
