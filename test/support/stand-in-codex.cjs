#!/usr/bin/env node
/**
 * Stands in for the official CLI where its requests are asked for one by one: each line it is given
 * is a conversation, for which it sends one model request to where its arguments lead, and says
 * the status of the answer.
 */
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { createInterface } = require('node:readline')

const asked = process.argv.find((word) => word.startsWith('openai_base_url='))
const base = asked.slice(asked.indexOf('=') + 1).replaceAll('"', '')
/** Read each time, as a switch may have written it. */
const token = () =>
  JSON.parse(readFileSync(join(process.env.CODEX_HOME, 'auth.json'), 'utf8')).tokens.access_token

const body = JSON.stringify({
  model: 'gpt-5.5',
  instructions: 'Be brief.',
  input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }],
  stream: true,
  store: false,
})

const send = async (conversation) => {
  const answer = await fetch(`${base}/responses`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token()}`,
      'content-type': 'application/json',
      'thread-id': conversation,
    },
    body,
  })
  await answer.text()
  return answer.status
}

createInterface({ input: process.stdin }).on('line', async (conversation) => {
  process.stdout.write(`${await send(conversation)}\n`)
})
