/**
 * Text of others, made safe to print: labels, e-mails, messages of a server.
 *
 * A control character moves the cursor or starts an escape sequence; a direction mark makes text read
 * as another; a lone surrogate breaks the output's encoding. Each is written out as `\u{1b}` instead.
 */

/**
 * Everything but the plain space among what is invisible: controls, formats (direction marks, joiners'
 * look-alikes, tags), surrogates, private use, unassigned, line and paragraph separators. The
 * zero-width joiner stays, as letters and signs are made with it.
 */
const unsafe = /(?!\u200D)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu

/** Compiling `unsafe` costs a millisecond or two, and most text never needs it. */
const isPlain = (text: string): boolean => /^[ -~]*$/.test(text)

export const printable = (text: string): string =>
  isPlain(text) ? text : text.replace(unsafe, written)

const written = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
