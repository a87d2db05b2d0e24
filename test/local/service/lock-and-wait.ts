import { dataFolder } from '../../../local/service/data-folder.ts';
import { lockDataFolder } from '../../../local/service/folder-lock.ts';

// A process to be killed: locks the data folder that its argument names, says so and stays.
lockDataFolder(dataFolder(process.argv[2] ?? ''));
process.on('message', () => {}); // who listens stays
process.send?.('locked');
