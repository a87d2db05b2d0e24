import { dataFolder } from '../../../local/service/data-folder.ts';
import { synthesize } from '../../../local/service/synthesize.ts';

// A process to be killed: synthesizes into the data folder that its argument names.
const data = dataFolder(process.argv[2] ?? '');
await synthesize(data.assembly, new AbortController().signal);
