/** The folder a program was started in; empty where somebody has removed it since. */
export const nodeWorkingFolder = (): string => {
  try {
    return process.cwd()
  } catch {
    return ''
  }
}
