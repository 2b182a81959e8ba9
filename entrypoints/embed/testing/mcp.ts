/** The least an MCP client needs of the connectors' endpoint: a handshake and no tools. */
import type { Reply } from '../../../ports/http-server'
import { parseJson } from '../../../core/result'
import * as Call from './call'
import { isFields } from './request-body'

const result = (method: string, params: unknown): unknown => {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: isFields(params) ? params['protocolVersion'] : '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'simulated', version: '1' },
      }
    case 'tools/list':
      return { tools: [] }
    case 'resources/list':
      return { resources: [] }
    case 'resources/templates/list':
      return { resourceTemplates: [] }
    default:
      return {}
  }
}

export const answer = (incoming: Call.Incoming): Reply => {
  if (incoming.method !== 'POST') return Call.text(405, 'text/plain', 'Method Not Allowed')
  const message = parseJson(new TextDecoder().decode(incoming.body)).unwrapOr(null)
  if (!isFields(message)) return Call.json({ error: 'Expected an object' }, [], 400)
  const { id, method, params } = message
  // A notification has no id and gets no answer.
  if (id === undefined) return Call.text(202, 'application/json', '')
  return Call.json({ jsonrpc: '2.0', id, result: result(String(method), params) })
}
