import * as fc from 'fast-check'
import stringWidth from 'fast-string-width'
import { align, fit } from '../../../core/tui/columns'

const aCell = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .filter((text) => !/[\p{C}\s]/u.test(text))

describe('align', () => {
  it('makes every column as wide as its widest cell, and leaves nothing at a line’s end', () => {
    expect(
      align(
        [
          ['1', 'Ada', 'ready'],
          ['10', 'Barbara', ''],
        ],
        80,
      ),
    ).toEqual(['1   Ada      ready', '10  Barbara'])
  })

  it('counts what a terminal shows', () => {
    expect(
      align(
        [
          ['名前', 'x'],
          ['ab', 'y'],
        ],
        80,
      ),
    ).toEqual(['名前  x', 'ab    y'])
  })

  it('narrows the flexible column first', () => {
    expect(align([['12345678901234567890', 'a'.repeat(30)]], 50, 1)).toEqual([
      '12345678901234567890  aaaaaaaaaaaaaaaaaaaaaaaaa...',
    ])
  })

  it.each([
    { name: 'no rows', rows: [], expected: [] },
    { name: 'an empty row', rows: [[]], expected: [''] },
    { name: 'rows of different lengths', rows: [['a'], ['b', 'c']], expected: ['a', 'b  c'] },
  ])('takes $name', ({ rows, expected }) => {
    expect(align(rows, 80)).toEqual(expected)
  })

  it('never exceeds the width, down to what can be read', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(aCell, { maxLength: 4 }), { maxLength: 5 }),
        fc.nat(3),
        (rows, flexible) => {
          for (const line of align(rows, 60, flexible))
            expect(stringWidth(line)).toBeLessThanOrEqual(60)
        },
      ),
    )
  })
})

describe('fit', () => {
  it.each([
    { text: 'abc', width: 5, expected: 'abc  ' },
    { text: 'abcdef', width: 6, expected: 'abcdef' },
    { text: 'abcdefg', width: 6, expected: 'abc...' },
    { text: 'abcdefg', width: 2, expected: '..' },
    { text: '名前名前名前', width: 8, expected: '名前... ' },
    { text: '', width: 0, expected: '' },
  ])('$text in $width', ({ text, width, expected }) => {
    expect(fit(text, width)).toBe(expected)
  })

  it('is exactly as wide as asked', () => {
    fc.assert(
      fc.property(aCell, fc.integer({ min: 0, max: 40 }), (text, width) => {
        expect(stringWidth(fit(text, width))).toBe(width)
      }),
    )
  })
})
