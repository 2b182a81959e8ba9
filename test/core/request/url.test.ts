import * as O from 'fp-ts/Option'
import * as Url from '../../../core/request/url'

describe('where a host’s request goes', () => {
  it.each([
    { url: 'https://api.openai.com/v1/responses', path: '/codex/responses' },
    { url: 'https://api.openai.com/v1/responses/', path: '/codex/responses' },
    { url: 'http://127.0.0.1:1/responses?x=1', path: '/codex/responses?x=1' },
    { url: 'https://chatgpt.com/backend-api/codex/responses', path: '/codex/responses' },
    { url: 'https://user:word@api.openai.com/v1/responses', path: '/codex/responses' },
    { url: '/v1/responses#part', path: '/codex/responses' },
  ])('$url', ({ url, path }) => {
    expect(Url.modelPath(url)).toEqual(O.some(path))
  })

  it.each([
    'https://api.openai.com/v1/chat/completions',
    'https://api.openai.com/v1/models',
    'https://api.openai.com/v1/responses/resp_1',
    'https://api.openai.com/v1/myresponses',
    'http://[',
    '',
  ])('%s is no model request', (url) => {
    expect(Url.modelPath(url)).toEqual(O.none)
  })
})
