/** The reference for commands: a bundled yargs program of one command that does nothing. */
import yargs from 'yargs'

void yargs(process.argv.slice(2))
  .scriptName('empty')
  .command('list', 'Does nothing', {}, () => console.log('nothing'))
  .strict()
  .parseAsync()
