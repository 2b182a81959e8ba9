import * as ExternalEdits from '../../../core/storage/external-edits'

const edit = { kind: 'path-block', path: '/home/ada/.bashrc', isMade: true, foldersMade: ['/x'] }

it('gives back what was noted', () => {
  const journal = ExternalEdits.note(edit)(ExternalEdits.empty)
  expect(ExternalEdits.parse(ExternalEdits.print(journal))._unsafeUnwrap()).toEqual(journal)
})

it('keeps what the first edit found', () => {
  const journal = ExternalEdits.note(edit)(ExternalEdits.empty)
  expect(ExternalEdits.note({ ...edit, isMade: false })(journal)).toBe(journal)
})

it('forgets one edit alone, and keeps rows and fields it does not know', () => {
  const other = { ...edit, kind: 'plugin', extra: 1 }
  const text = JSON.stringify({ version: 1, edits: [edit, other], more: 2 })
  const journal = ExternalEdits.forget(edit)(ExternalEdits.parse(text)._unsafeUnwrap())
  expect(JSON.parse(ExternalEdits.print(journal))).toEqual({ version: 1, edits: [other], more: 2 })
})

it.each(['', '{}', '{"version":2,"edits":[]}', '{"version":1,"edits":[{}]}'])(
  'refuses %j',
  (text) => {
    expect(ExternalEdits.parse(text).isErr()).toBe(true)
  },
)
