import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as ItemMemory from '../../../core/request/item-memory'

const kept = (ids: ReadonlyArray<string>, text = ''): ItemMemory.ItemMemory =>
  ids.reduce((memory, id) => ItemMemory.remember({ id, text })(memory), ItemMemory.empty())

describe('the memory of items', () => {
  it('finds an item by its id, as it came last', () => {
    const memory = ItemMemory.remember({ id: 'a', text: 'new' })(kept(['a', 'b']))
    expect(ItemMemory.recall(memory)('a')).toEqual(O.some({ id: 'a', text: 'new' }))
    expect(ItemMemory.recall(memory)('c')).toEqual(O.none)
  })

  it('keeps nothing without an id', () => {
    expect(ItemMemory.remember({ text: 'x' })(ItemMemory.empty())).toEqual(ItemMemory.empty())
  })

  it('lets the oldest go when there are too many', () => {
    const memory = kept(Array.from({ length: 4_097 }, (_, index) => String(index)))
    expect(ItemMemory.recall(memory)('0')).toEqual(O.none)
    expect(O.isSome(ItemMemory.recall(memory)('4096'))).toBe(true)
    expect(memory.items.size).toBe(4_096)
  })

  it('lets the oldest go when they are too large', () => {
    const memory = kept(['a', 'b', 'c', 'd', 'e'], 'x'.repeat(8 * 1024 * 1024))
    expect([...memory.items.keys()]).toEqual(['c', 'd', 'e'])
  })

  it('does not keep what is larger than all it may hold', () => {
    expect(kept(['a'], 'x'.repeat(33 * 1024 * 1024)).items.size).toBe(0)
  })

  it('knows how large it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), text: fc.string() })),
        (items) => {
          const memory = items.reduce(
            (sum, item) => ItemMemory.remember(item)(sum),
            ItemMemory.empty(),
          )
          const sizes = [...memory.items.values()].map(({ item }) => JSON.stringify(item).length)
          expect(memory.characters).toBe(sizes.reduce((sum, size) => sum + size, 0))
        },
      ),
    )
  })
})
