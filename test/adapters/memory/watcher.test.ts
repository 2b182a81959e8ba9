import { memoryDisk } from '../../../adapters/memory/disk'
import { memoryFileSystem } from '../../../adapters/memory/file-system'
import { scheduler } from '../../../adapters/memory/scheduler'
import { memoryWatcher } from '../../../adapters/memory/watcher'
import { watcherContract } from '../../ports/watcher.contract'

watcherContract('memory', async () => {
  const process = scheduler(1).process('main')
  const disk = memoryDisk({ '/folder': null })
  return {
    watcher: memoryWatcher(process, disk),
    files: memoryFileSystem(process, disk),
    folder: '/folder',
  }
})
