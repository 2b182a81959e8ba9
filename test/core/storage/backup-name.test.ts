import * as BackupName from '../../../core/storage/backup-name'

it.each(['a', 'before-travel', 'A_1', 'x'.repeat(64), 'connection', 'com10'])(
  '%s is a name',
  (name) => {
    expect(BackupName.parse(name)._unsafeUnwrap()).toBe(name)
    expect(BackupName.parse(`${name}.json`)._unsafeUnwrap()).toBe(name)
  },
)

it.each([
  ...['', '.json', '.', '..', '../a', 'a/b', 'a\\b', 'a.b', 'a.rotate.b', 'a.tmp', 'a.wal', 'a b'],
  ...['con', 'NUL', 'Com1.json', 'lpt9', 'x'.repeat(65), 'a\0', '\u00e9', 'a.json.json', 'C:a'],
])('%j is none', (name) => {
  expect(BackupName.parse(name)._unsafeUnwrapErr()).toMatchObject({ _tag: 'BackupNameUnfit', name })
})

it('finds the backups among other files', () => {
  expect(BackupName.among(['a.json', 'b', 'a.json.0.draft', '..json', 'c.json'])).toEqual([
    'a',
    'c',
  ])
})
