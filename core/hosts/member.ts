/**
 * A member of an object or a list in JSON with comments: put in last, and taken out, each with the
 * comma that belongs to it. No other character is touched, so that taking out what was put in gives
 * the text as it was, whatever has been written elsewhere in between.
 */
import { applyEdits, createScanner, type Edit, type Node } from 'jsonc-parser'

type Span = Pick<Node, 'offset' | 'length'>

/** A token, a comment, the blanks within a line, or the end of one. */
interface Piece extends Span {
  readonly text: string
}

export const endOf = ({ length, offset }: Span): number => offset + length

const isBlank = ({ text }: Piece): boolean => text.trim() === ''
const isComma = ({ text }: Piece): boolean => text === ','
const isComment = ({ text }: Piece): boolean => text.startsWith('//') || text.startsWith('/*')
const isToken = (piece: Piece): boolean => !isBlank(piece) && !isComment(piece)
const endsLine = ({ text }: Piece): boolean => /[\r\n]/.test(text)

/** On a line of its own where the last member ends one, after the comments of that line. */
export const append =
  (container: Node, member: string) =>
  (text: string): string => {
    const last = container.children?.at(-1)
    const from = last === undefined ? container.offset + 1 : endOf(last)
    const comma = piecesOf(text, from, endOf(container) - 1).find(isComma)
    const start = comma === undefined ? from : endOf(comma)
    const rest = piecesOf(text, start, endOf(container) - 1)
    const end = rest.findIndex(endsLine)
    const lineBreak = rest[end]
    const isLast = lineBreak !== undefined && isBlank(lineBreak)
    const comment = isLast ? rest.slice(0, end).findLast(isComment) : undefined
    const offset = comment === undefined ? start : endOf(comment)
    const gap = isLast ? `${lineBreak.text}${indentOf(text, container)}` : last ? ' ' : ''
    return applyEdits(text, [
      ...(last === undefined || comma !== undefined
        ? []
        : [{ offset: from, length: 0, content: ',' }]),
      { offset, length: 0, content: `${gap}${member}${comma === undefined ? '' : ','}` },
    ])
  }

/** With the blanks before it, and the comma after it, or else the one before it. */
export const takeOut =
  (container: Node, member: Span) =>
  (text: string): string => {
    const before = piecesOf(text, container.offset, member.offset)
    const after = piecesOf(text, endOf(member), endOf(container))
    const next = after.find(isToken)
    const comma = [next, before.findLast(isToken)].find((one) => one !== undefined && isComma(one))
    const from = startOf(text, before, member)
    const blank = after[after.findIndex((piece) => piece === comma) + 1]
    // Else the blanks that follow would stand where those before it are.
    const isFirst = from === member.offset && comma !== undefined && comma === next
    return applyEdits(text, [
      removal({ offset: from, length: endOf(member) - from }),
      ...(comma === undefined ? [] : [removal(comma)]),
      ...(isFirst && blank !== undefined && isBlank(blank) && !endsLine(blank)
        ? [removal(blank)]
        : []),
    ])
  }

const removal = ({ length, offset }: Span): Edit => ({ offset, length, content: '' })

/** Where the blanks before a member begin; the break that ends a comment of a line stays one. */
const startOf = (text: string, before: ReadonlyArray<Piece>, member: Span): number => {
  const previous = before.findLast((piece) => !isBlank(piece))
  if (previous === undefined) return member.offset
  const endsItsLine = /^,?[ \t]*[\r\n]/.test(text.slice(endOf(member)))
  return previous.text.startsWith('//') && !endsItsLine ? member.offset : endOf(previous)
}

/** As the last member where that begins a line, else one step deeper than what holds it. */
const indentOf = (text: string, container: Node): string => {
  const last = container.children?.at(-1)
  if (last !== undefined) {
    const lead = text.slice(lineStart(text, last.offset), last.offset)
    if (lead.trim() === '') return lead
  }
  return `${indentAt(text, container.offset)}${/^\t/m.test(text) ? '\t' : '  '}`
}

/** The blanks that begin the line of an offset. */
export const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? ''

const lineStart = (text: string, offset: number): number =>
  text.slice(0, offset).lastIndexOf('\n') + 1

const piecesOf = (text: string, from: number, to: number): ReadonlyArray<Piece> => {
  const scanner = createScanner(text)
  const pieces: Array<Piece> = []
  scanner.setPosition(from)
  while (scanner.getPosition() < to) {
    scanner.scan()
    const [offset, length] = [scanner.getTokenOffset(), scanner.getTokenLength()]
    pieces.push({ offset, length, text: text.slice(offset, offset + length) })
  }
  return pieces
}
