/** Bodies read whole, and whole texts as bodies. */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type { Body, HttpError } from '../../ports/http'

export interface AnswerTooLarge {
  readonly _tag: 'AnswerTooLarge'
  readonly bytesMax: number
}

/** A body that can fail in a way of its own. */
export interface BodyOf<E> {
  readonly next: () => ResultAsync<O.Option<Uint8Array>, E>
  readonly cancel: () => void
}

/** The whole body in its pieces; one of more than `bytesMax` bytes is let go of. */
export const readAll = <E>(
  body: BodyOf<E>,
  bytesMax: number,
): ResultAsync<ReadonlyArray<Uint8Array>, E | AnswerTooLarge> => {
  const more = (
    pieces: ReadonlyArray<Uint8Array>,
    bytes: number,
  ): ResultAsync<ReadonlyArray<Uint8Array>, E | AnswerTooLarge> =>
    body.next().andThen((piece) => {
      if (O.isNone(piece)) return okAsync(pieces)
      const total = bytes + piece.value.length
      if (total <= bytesMax) return more([...pieces, piece.value], total)
      body.cancel()
      return errAsync<never, AnswerTooLarge>({ _tag: 'AnswerTooLarge', bytesMax })
    })
  return more([], 0)
}

export const textOf = (pieces: ReadonlyArray<Uint8Array>): string => {
  const decoder = new TextDecoder()
  return pieces.map((piece) => decoder.decode(piece, { stream: true })).join('') + decoder.decode()
}

export const readText = (
  body: Body,
  bytesMax: number,
): ResultAsync<string, HttpError | AnswerTooLarge> => readAll(body, bytesMax).map(textOf)

/** A body of which all pieces are at hand. */
export const ofPieces = (pieces: ReadonlyArray<Uint8Array>): Body => withHead(pieces, ended)

export const ended: Body = { next: () => okAsync(O.none), cancel: () => undefined }

/** A body that gives the pieces at hand first and then the rest. */
export const withHead = (head: ReadonlyArray<Uint8Array>, rest: Body): Body => {
  let given = 0
  return {
    next: () => {
      const piece = head[given]
      if (piece === undefined) return rest.next()
      given += 1
      return okAsync(O.some(piece))
    },
    cancel: rest.cancel,
  }
}

/** Who sees a body go by. */
export interface Watcher {
  readonly passed: (piece: Uint8Array) => void
  /** Once, and whether the bytes came whole. */
  readonly ended: (isWhole: boolean) => void
}

export const watched = (body: Body, { ended, passed }: Watcher): Body => {
  let told = false
  const tell = (isWhole: boolean): void => {
    if (told) return
    told = true
    ended(isWhole)
  }
  return {
    next: () => {
      const asked = body.next()
      // Beside the reader, not between: every piece of every answer comes by here.
      void asked.then((next) => {
        if (next.isErr()) tell(false)
        else if (O.isNone(next.value)) tell(true)
        else passed(next.value.value)
      })
      return asked
    },
    cancel: () => {
      tell(false)
      body.cancel()
    },
  }
}
