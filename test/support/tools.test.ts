import { tool } from './tools'

const inCi = <A>(ci: string, run: () => A): A => {
  const before = process.env['CI']
  process.env['CI'] = ci
  try {
    return run()
  } finally {
    if (before === undefined) delete process.env['CI']
    else process.env['CI'] = before
  }
}

describe('a test that needs a program', () => {
  it('runs where the program is', () => {
    expect(inCi('true', () => tool('sh'))).toBe(it)
  })

  it('is skipped where one of its programs is missing', () => {
    expect(inCi('', () => tool('sh', 'no-such-program'))).toBe(it.skip)
  })

  it('fails in CI where the program is missing', () => {
    expect(() => inCi('true', () => tool('no-such-program'))).toThrow('no-such-program')
  })
})
