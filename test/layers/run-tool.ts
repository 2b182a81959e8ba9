import { execFile } from 'node:child_process'
import { join } from 'node:path'

export const root = join(__dirname, '..', '..')
export const planted = join(__dirname, 'planted')

export const installed = (name: string): string => join(root, 'node_modules', '.bin', name)

/** A tool takes seconds alone, and longer on a machine that runs every suite at once. */
export const patience = 120_000

/** What a program prints, whatever its exit code: a finding is an answer here. */
export const outputOf = (
  program: string,
  commandLine: ReadonlyArray<string>,
  folder: string,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 }
    execFile(program, commandLine, options, (error, stdout, stderr) => {
      if (stdout === '')
        reject(new Error(`${program} printed nothing: ${stderr}`, { cause: error }))
      else resolve(stdout)
    })
  })
