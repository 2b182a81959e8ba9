import * as fc from 'fast-check'
import { createHash } from 'node:crypto'
import * as Pkce from '../../../core/auth/pkce'

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()

const someBytes = fc.uint8Array({ minLength: Pkce.verifierBytes, maxLength: Pkce.verifierBytes })

it('is the pair of RFC 7636, appendix B', () => {
  const octets = Uint8Array.from([
    116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77,
    105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
  ])
  expect(Pkce.make(octets, sha256)).toEqual({
    verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  })
})

it('has a verifier of 86 characters and a challenge of 43, of the base64url alphabet', () => {
  fc.assert(
    fc.property(someBytes, (bytes) => {
      const { verifier, challenge } = Pkce.make(bytes, sha256)
      expect(verifier).toMatch(/^[A-Za-z0-9_-]{86}$/)
      expect(challenge).toMatch(/^[A-Za-z0-9_-]{43}$/)
    }),
  )
})

it('writes base64url as node does', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(Pkce.base64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
    }),
  )
})
