/** The few answers of the proxy's own. None tells more than its status does. */
import type { Reply } from '../../../../ports/http-server'

export const text = (status: number, type: string, body: string): Reply => ({
  _tag: 'Reply',
  status,
  headers: [['content-type', type]],
  body: new TextEncoder().encode(body),
})

export const json = (status: number, body: unknown): Reply =>
  text(status, 'application/json', JSON.stringify(body))

const refusal = (status: number, code: string): Reply =>
  json(status, { error: { type: code, code, message: code } })

export const badRequest: Reply = refusal(400, 'bad_request')
export const forbidden: Reply = refusal(403, 'forbidden')
export const unknownPath: Reply = refusal(404, 'not_found')
export const tooLarge: Reply = refusal(413, 'payload_too_large')
/** The CLI shows a 400 as it is, at once. */
export const poolUnreadable: Reply = text(
  400,
  'text/plain; charset=utf-8',
  'The accounts of codex-multi-auth cannot be read. See why: codex-multi-auth list',
)
/** Makes the CLI use HTTP at once and silently (protocol.md, section 3). */
export const useHttp: Reply = refusal(426, 'upgrade_required')
