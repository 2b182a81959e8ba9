/** One child program of a script, and how a stage is told. */
import { spawn } from 'node:child_process'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Ends with the exit code and, when the output is kept, all that was printed, without colour. */
export const run = (program, commandLine, output) =>
  new Promise((resolve) => {
    const path = program === 'node' ? process.execPath : program
    const isKept = output === 'kept'
    const child = spawn(path, commandLine, {
      cwd: root,
      stdio: isKept ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      env: isKept ? { ...process.env, NO_COLOR: '1' } : process.env,
    })
    const pieces = []
    child.stdout?.on('data', (piece) => pieces.push(piece))
    child.stderr?.on('data', (piece) => pieces.push(piece))
    child.on('error', (error) => resolve({ code: 1, text: `${error.message}\n` }))
    child.on('close', (code) =>
      resolve({ code: code ?? 1, text: Buffer.concat(pieces).toString() }),
    )
  })

/** A program of an installed package. */
export const tool = (name) => join(root, 'node_modules', '.bin', name)

export const report = (name, isGood, startedAt) => {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  console.log(`${isGood ? 'ok    ' : 'FAILED'} ${name.padEnd(16)} ${seconds.padStart(6)} s`)
}
