import { logFile } from '../../../cli/start/log-file.ts';

// Writes ten lines of 200 characters into the file that its argument names,
// and prints what is said.
const log = logFile(process.argv[2] ?? '', (line) => console.log(line));
for (const character of 'abcdefghij') log(character.repeat(199));
