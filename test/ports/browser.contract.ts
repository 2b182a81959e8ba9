import type { Browser } from '../../ports/browser'

export interface BrowserUnderTest {
  readonly browser: Browser
  readonly none: Browser
  /** What a browser was handed so far. */
  readonly opened: () => Promise<ReadonlyArray<string>>
}

const urls = [
  'https://auth.openai.com/oauth/authorize?state=a&redirect_uri=http%3A%2F%2Flocalhost%3A1455',
  'http://127.0.0.1:1455/success?q=$(echo%20x)&y="z"',
]

export const browserContract = (name: string, make: () => BrowserUnderTest): void => {
  describe(`${name}: a browser`, () => {
    it('is handed each URL as it is', async () => {
      const { browser, opened } = make()
      for (const [at, url] of urls.entries()) {
        expect((await browser.open(url)).isOk()).toBe(true)
        expect(await opened()).toEqual(urls.slice(0, at + 1))
      }
    })

    it('that is not there is NoBrowser', async () => {
      const refused = await make().none.open('https://auth.openai.com/')
      expect(refused._unsafeUnwrapErr()).toEqual({ _tag: 'NoBrowser' })
    })
  })
}
