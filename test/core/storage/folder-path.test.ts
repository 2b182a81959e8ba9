import * as fc from 'fast-check'
import * as FolderPath from '../../../core/storage/folder-path'

it.each([
  { given: '/home/ada', normal: '/home/ada' },
  { given: '/home//ada/./x/../', normal: '/home/ada' },
  { given: '/../..', normal: '/' },
  { given: '/odd\\name', normal: '/odd\\name' },
  { given: 'C:\\Repos\\Engine\\', normal: 'C:/Repos/Engine' },
  { given: 'C:/Repos/../..', normal: 'C:/' },
  { given: '\\\\Server\\Share\\x\\..\\y', normal: '//Server/Share/y' },
  { given: '//Server/Share/../..', normal: '//Server/Share/' },
])('writes $given without detours', ({ given, normal }) => {
  expect(FolderPath.normal(given)).toBe(normal)
})

it.each([
  { one: 'C:\\Repos', other: 'c:/repos/', isSame: true },
  { one: '\\\\SERVER\\Share\\x', other: '//server/share/X', isSame: true },
  { one: '/home/Ada', other: '/home/ada', isSame: false },
  { one: 'C:/repos', other: 'D:/repos', isSame: false },
])('takes $one and $other for one path: $isSame', ({ isSame, one, other }) => {
  expect(FolderPath.isSame(one, other)).toBe(isSame)
})

it.each([
  { folder: '/repos/engine', path: '../main/.git', is: '/repos/main/.git' },
  { folder: '/repos/engine', path: '/main/.git', is: '/main/.git' },
  { folder: '/repos/engine', path: 'C:\\main\\.git', is: 'C:/main/.git' },
  { folder: 'C:\\repos\\engine', path: '..\\main/.git', is: 'C:/repos/main/.git' },
  { folder: 'C:\\repos', path: '\\main', is: 'C:/main' },
  { folder: 'C:\\repos', path: '//server/share/main', is: '//server/share/main' },
  { folder: '\\\\server\\share\\x', path: '/main', is: '//server/share/main' },
])('means $is by $path in $folder', ({ folder, is, path }) => {
  expect(FolderPath.resolve(folder, path)).toBe(is)
})

it('goes upward as far as it is told, and no further than the root', () => {
  expect(FolderPath.upward('/a/b', 9)).toEqual(['/a/b', '/a', '/'])
  expect(FolderPath.upward('C:\\a\\b', 2)).toEqual(['C:/a/b', 'C:/a'])
  expect(FolderPath.upward('\\\\server\\share\\a', 9)).toEqual([
    '//server/share/a',
    '//server/share/',
  ])
})

it('knows what lies below a folder from what only starts like it', () => {
  expect(FolderPath.isBelow('/a/b')('/a/b/c')).toBe(true)
  expect(FolderPath.isBelow('/a/b')('/a/bc')).toBe(false)
  expect(FolderPath.isBelow('/a/b')('/a/b')).toBe(false)
  expect(FolderPath.isBelow('/')('/a')).toBe(true)
  expect(FolderPath.isBelow('C:\\A')('c:/a/x')).toBe(true)
})

const aPath = fc
  .tuple(
    fc.constantFrom('/', 'C:\\', 'd:/', '\\\\server\\share\\', '//server/share/'),
    fc.array(fc.constantFrom('a', 'B', '.', '..', '', 'c d'), { maxLength: 6 }),
    fc.constantFrom('/', '\\'),
  )
  .map(([root, names, slash]) => `${root}${names.join(root === '/' ? '/' : slash)}`)

it('writes a path that is normal as it is', () => {
  fc.assert(
    fc.property(aPath, (path) => {
      const once = FolderPath.normal(path)
      expect([FolderPath.normal(once), FolderPath.isSame(path, once)]).toEqual([once, true])
    }),
  )
})

it('takes any text for some path', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (folder, path) => {
      expect(FolderPath.upward(FolderPath.resolve(folder, path), 3).length).toBeLessThanOrEqual(3)
    }),
  )
})
