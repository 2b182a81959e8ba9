import { proxyFor } from '../../../adapters/node/outbound-proxy'

const proxy = 'http://proxy:3128'
const chat = 'https://chatgpt.com/backend-api'

it.each([
  { name: 'none is set', environment: {}, url: chat, expected: undefined },
  { name: 'one is set for https', environment: { HTTPS_PROXY: proxy }, url: chat, expected: proxy },
  {
    name: 'the lower case wins',
    environment: { HTTPS_PROXY: 'http://x', https_proxy: proxy },
    url: chat,
    expected: proxy,
  },
  {
    name: 'one is set for http alone',
    environment: { HTTP_PROXY: proxy },
    url: chat,
    expected: undefined,
  },
  { name: 'one is set for all', environment: { ALL_PROXY: proxy }, url: chat, expected: proxy },
  {
    name: 'it has no scheme',
    environment: { HTTPS_PROXY: 'proxy:3128' },
    url: chat,
    expected: proxy,
  },
  { name: 'it is empty', environment: { HTTPS_PROXY: '' }, url: chat, expected: undefined },
  {
    name: 'all are exempt',
    environment: { HTTPS_PROXY: proxy, NO_PROXY: '*' },
    url: chat,
    expected: undefined,
  },
  {
    name: 'the name is exempt',
    environment: { HTTPS_PROXY: proxy, NO_PROXY: 'a.b, chatgpt.com' },
    url: chat,
    expected: undefined,
  },
  {
    name: 'the domain is exempt',
    environment: { HTTPS_PROXY: proxy, no_proxy: 'openai.com' },
    url: 'https://auth.openai.com/',
    expected: undefined,
  },
  {
    name: 'the domain is exempt, with a dot',
    environment: { HTTPS_PROXY: proxy, no_proxy: '.openai.com' },
    url: 'https://auth.openai.com/',
    expected: undefined,
  },
  {
    name: 'the domain is exempt, with a star',
    environment: { HTTPS_PROXY: proxy, no_proxy: '*.OpenAI.com' },
    url: 'https://auth.openai.com/',
    expected: undefined,
  },
  {
    name: 'only a name that ends alike is exempt',
    environment: { HTTPS_PROXY: proxy, no_proxy: 'gpt.com' },
    url: chat,
    expected: proxy,
  },
  {
    name: 'its port is exempt',
    environment: { HTTPS_PROXY: proxy, no_proxy: 'chatgpt.com:443' },
    url: chat,
    expected: undefined,
  },
  {
    name: 'another port is exempt',
    environment: { HTTPS_PROXY: proxy, no_proxy: 'chatgpt.com:444' },
    url: chat,
    expected: proxy,
  },
  {
    name: 'the address is our own machine',
    environment: { HTTP_PROXY: proxy },
    url: 'http://127.0.0.1:80/',
    expected: undefined,
  },
  {
    name: 'the address is our own machine, by IPv6',
    environment: { HTTP_PROXY: proxy },
    url: 'http://[::1]:80/',
    expected: undefined,
  },
  {
    name: 'the address is our own machine, by name',
    environment: { HTTP_PROXY: proxy },
    url: 'http://localhost/',
    expected: undefined,
  },
  {
    name: 'the address only looks like our own',
    environment: { HTTP_PROXY: proxy },
    url: 'http://127.0.0.1.example.com/',
    expected: proxy,
  },
])('goes by $expected when $name', ({ environment, url, expected }) => {
  expect(proxyFor(environment, new URL(url))).toBe(expected)
})
