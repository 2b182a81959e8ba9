/**
 * Stands in for the official CLI where its requests are asked for one by one: each line it is given
 * is a conversation, for which it sends one model request to where its arguments lead, and says
 * the status of the answer.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { modelBody } from './model-request'

const asked = process.argv.find((word) => word.startsWith('openai_base_url=')) ?? ''
const base = asked.slice(asked.indexOf('=') + 1).replaceAll('"', '')

/** Read each time, as a switch may have written it. */
const token = (): string => {
  const path = join(process.env['CODEX_HOME'] ?? '', 'auth.json')
  const login = JSON.parse(readFileSync(path, 'utf8')) as { tokens: { access_token: string } }
  return login.tokens.access_token
}

const send = async (conversation: string): Promise<number> => {
  const answer = await fetch(`${base}/responses`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token()}`,
      'content-type': 'application/json',
      'thread-id': conversation,
    },
    body: JSON.stringify(modelBody),
  })
  await answer.text()
  return answer.status
}

const answer = async (conversation: string): Promise<void> => {
  process.stdout.write(`${await send(conversation)}\n`)
}

createInterface({ input: process.stdin }).on('line', (line) => void answer(line))
