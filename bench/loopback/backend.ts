/**
 * A lean backend in a process of its own: it reads a request no further than it must and answers with
 * bytes made beforehand, so that what is measured is the proxy in front of it.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { answerAsked } from './child'
import * as Answers from './answers'

const headEnd = '\r\n\r\n'

const answer = (socket: Socket, timers: Set<NodeJS.Timeout>, head: string): void => {
  if (!head.startsWith('POST /backend-api/codex/responses '))
    return void socket.write(Answers.emptyAnswer)
  const pace = Answers.paceOf(
    new RegExp(`\r\n${Answers.paceHeader}: ([^\r]*)`, 'i').exec(head)?.[1],
  )
  if (pace._tag === 'AtOnce') return void socket.write(Answers.wholeAnswer)
  socket.write(Answers.firstPart)
  let left = pace.events
  const timer = setInterval(() => {
    left -= 1
    if (left >= 0) return void socket.write(Answers.oneEvent)
    clearInterval(timer)
    timers.delete(timer)
    socket.write(Answers.lastPart)
  }, pace.everyMs)
  timers.add(timer)
}

const lengthIn = (head: string): number => Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)

/** One request after the other: a client that pipelines is not ours. */
const serve = (socket: Socket): void => {
  let head = ''
  let missing = -1
  let isChunked = false
  const timers = new Set<NodeJS.Timeout>()
  socket.setNoDelay(true)
  socket.on('close', () => timers.forEach((timer) => clearInterval(timer)))
  socket.on('error', () => socket.destroy())
  socket.on('data', (piece: Buffer) => {
    let body = piece
    if (missing < 0) {
      head += piece.toString('latin1')
      const end = head.indexOf(headEnd)
      if (end < 0) return
      body = piece.subarray(piece.length - (head.length - end - headEnd.length))
      head = head.slice(0, end)
      isChunked = /\r\ntransfer-encoding: chunked/i.test(head)
      missing = isChunked ? Infinity : lengthIn(head)
    }
    missing -= body.length
    if (isChunked && body.subarray(-5).toString('latin1') === Answers.lastChunk) missing = 0
    if (missing > 0) return
    answer(socket, timers, head)
    head = ''
    missing = -1
  })
}

const server = createServer(serve).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  answerAsked(() => ({ port }))
})
