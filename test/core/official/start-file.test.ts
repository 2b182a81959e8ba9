import * as fc from 'fast-check'
import * as StartFile from '../../../core/official/start-file'

const folder = "/home/o'hara/.codex/multi-auth/bin"
const lines = StartFile.block('bash', folder)
const marks = StartFile.insert([])('').split('\n').concat(StartFile.insert([])('x').split('\n'))

/** Any text at all, and texts made of what a block is made of. */
const aText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.oneof(fc.constantFrom(...marks, ...lines, ''), fc.string()), { maxLength: 8 })
    .chain((parts) => fc.constantFrom('\n', '\r\n').map((between) => parts.join(between))),
)

it('takes out what was put in, byte for byte', () => {
  fc.assert(
    fc.property(aText, (text) => {
      const before = StartFile.takeOut(text)
      expect(StartFile.takeOut(StartFile.insert(lines)(before))).toBe(before)
    }),
  )
})

it('takes nothing out of a text without a whole block', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(StartFile.takeOut(text)).toBe(text)
    }),
  )
})

it('puts a block in once, however often', () => {
  fc.assert(
    fc.property(aText, (text) => {
      const once = StartFile.insert(lines)(text)
      expect(StartFile.insert(lines)(once)).toBe(once)
      expect(once).toContain(lines.join('\n'))
    }),
  )
})

it('leaves what a person wrote around the block', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (above, below) => {
      const edited = `${StartFile.insert(lines)(`${above}\n`)}${below}`
      expect(StartFile.takeOut(edited)).toBe(`${above}\n${below}`)
    }),
  )
})

it('keeps two lines apart where the upper one had no end before', () => {
  const edited = `${StartFile.insert(lines)('alias a=b')}alias c=d\n`
  expect(StartFile.takeOut(edited)).toBe('alias a=b\nalias c=d\n')
})

it('takes out every block, as a person may have copied one', () => {
  const [above, below] = ['a\n', 'b\n'].map(StartFile.insert(lines))
  expect(StartFile.takeOut(`${above}${below}`)).toBe('a\nb\n')
})

it('begins a file that is empty', () => {
  expect(StartFile.insert(lines)('')).toMatch(/^# >>> codex-multi-auth shim >>>\n/)
})

it('finds its block in a file that an editor gave other line ends', () => {
  const edited = StartFile.insert(lines)('a\n').replace(/\n/g, '\r\n')
  expect(StartFile.takeOut(edited)).toBe('a\r\n')
})

it('quotes the folder for each shell', () => {
  const odd = "/a'b\\c $d"
  expect(StartFile.command('bash', odd)).toBe(`export PATH='/a'\\''b\\c $d':"$PATH"`)
  expect(StartFile.command('fish', odd)).toBe(`set --global --export PATH '/a\\'b\\\\c $d' $PATH`)
})

it.each([
  { program: '/bin/bash', shell: 'bash' },
  { program: '/usr/bin/fish', shell: 'fish' },
  { program: 'zsh', shell: 'zsh' },
  { program: '/bin/dash', shell: undefined },
  { program: '', shell: undefined },
])('$program is $shell', ({ program, shell }) => {
  expect(StartFile.shellOf(program)).toBe(shell)
})

it.each([
  { path: '/home/ada/x', isFit: true },
  { path: '/home/ada/a b', isFit: true },
  { path: 'home', isFit: false },
  { path: '/a:b', isFit: false },
  { path: '/a\nb', isFit: false },
  { path: 'C:\\Users', isFit: false },
])('$path on PATH: $isFit', ({ path, isFit }) => {
  expect(StartFile.isFit(path)).toBe(isFit)
})

it('takes the places of zsh and fish from the environment', () => {
  const places = { home: '/h', environment: { ZDOTDIR: '/z', XDG_CONFIG_HOME: '/x' } }
  expect(StartFile.startFiles('zsh', places)).toEqual([['/z/.zshrc']])
  expect(StartFile.startFiles('fish', places)).toEqual([['/x/fish/conf.d/codex-multi-auth.fish']])
})
