// Golden dialogues of POP3: each file is a test.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { playPop3Transcript } from './transcript-player';

const scripts = readdirSync(__dirname).filter((name) => name.endsWith('.pop3'));

test.each(scripts)('%s', (name) => playPop3Transcript(join(__dirname, name)));
