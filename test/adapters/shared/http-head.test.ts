import { outgoingHead } from '../../../adapters/shared/http-head'
import type { Headers } from '../../../core/request/headers'
import { bytes } from '../../support/http'

const host = ['host', 'a:1'] as const

it.each([
  { name: 'a GET says no length', method: 'GET', given: [], body: [], expected: [host] },
  {
    name: 'a GET forgets a length it has no body for',
    method: 'GET',
    given: [['content-length', '5']],
    body: [],
    expected: [host],
  },
  {
    name: 'a POST without a body says so',
    method: 'POST',
    given: [],
    body: [],
    expected: [host, ['content-length', '0']],
  },
  {
    name: 'a host given stays in its place',
    method: 'GET',
    given: [
      ['x-a', '1'],
      ['host', 'b'],
    ],
    body: [],
    expected: [
      ['x-a', '1'],
      ['host', 'b'],
    ],
  },
  {
    name: 'a wrong length is mended in its place, once',
    method: 'POST',
    given: [
      ['content-length', '9'],
      ['x-a', '1'],
      ['content-length', '8'],
      ['transfer-encoding', 'chunked'],
    ],
    body: ['ab', 'c'],
    expected: [host, ['content-length', '3'], ['x-a', '1']],
  },
] as ReadonlyArray<{
  name: string
  method: string
  given: Headers
  body: Array<string>
  expected: Headers
}>)('$name', ({ method, given, body, expected }) => {
  const { headers } = outgoingHead({ method, headers: given, body: body.map(bytes) }, 'a:1')
  expect(headers).toEqual(expected)
})

it.each([
  { value: 'close', expected: true },
  { value: 'Close', expected: true },
  { value: 'keep-alive', expected: false },
])('connection: $value wants a connection of its own: $expected', ({ value, expected }) => {
  const request = { method: 'GET', headers: [['connection', value]] as const, body: [] }
  expect(outgoingHead(request, 'a:1').isAlone).toBe(expected)
})
