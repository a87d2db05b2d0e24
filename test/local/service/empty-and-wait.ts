import { dataFolder, emptyDataFolder } from '../../../local/service/data-folder.ts';

// A process to be killed: empties the data folder that its argument names.
await emptyDataFolder(dataFolder(process.argv[2] ?? ''), () => {});
