import { memoryBrowser } from '../../../adapters/memory/browser'
import { scheduler } from '../../../adapters/memory/scheduler'
import { browserContract } from '../../ports/browser.contract'

browserContract('memory', () => {
  const process = scheduler(1).process('main')
  const browser = memoryBrowser(process, () => undefined)
  return { browser, none: memoryBrowser(process), opened: async () => browser.opened }
})

it('lets the person see the page', async () => {
  const seen: Array<string> = []
  const browser = memoryBrowser(scheduler(1).process('main'), (url) => void seen.push(url))
  expect((await browser.open('https://example.com/')).isOk()).toBe(true)
  expect(seen).toEqual(['https://example.com/'])
})
