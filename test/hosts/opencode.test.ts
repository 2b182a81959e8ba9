/** OpenCode with the plugin in it: its requests are served by the pool. */
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import { everyone } from '../../entrypoints/embed/testing/script'
import { placeholder } from '../../core/hosts/opencode'
import { readStore, runOpenCode, setUpOpenCode } from './support/opencode'
import { openScene, type Scene } from './support/scene'

let scene: Scene

beforeEach(async () => {
  scene = await openScene()
  await scene.signInAll()
  await setUpOpenCode(scene)
})

afterEach(async () => {
  const strays = scene.proxy.hosts()
  const violations = scene.upstream.journal.violations()
  await scene.close()
  expect(strays).toEqual([])
  expect(violations).toEqual([])
})

describe('opencode run', () => {
  it('is served, with nothing but a placeholder in the host’s own store', async () => {
    const ran = await runOpenCode(scene)
    expect([ran.code, ran.text, ran.errors]).toEqual([0, 'Hello from the model.', []])
    const stored = await readStore(scene)
    expect(stored['openai']).toMatchObject({ type: 'oauth', refresh: placeholder })
  })

  it('moves on when the first account is limited', async () => {
    scene.upstream.always(scene.ada.key, Behaviour.usageLimit())
    const ran = await runOpenCode(scene)
    expect([ran.code, ran.text]).toEqual([0, 'Hello from the model.'])
    expect(scene.attempts()).toEqual([1, 1, 0])
  })

  it('shows when everything is limited, and stops', async () => {
    scene.upstream.always(everyone, Behaviour.usageLimit())
    const ran = await runOpenCode(scene)
    expect(ran.code).toBe(1)
    expect(ran.errors.join()).toMatch(/usage limit.*back in/)
    expect(scene.attempts()).toEqual([1, 1, 1])
  })
})
