// Golden dialogues: each file is a test.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { closeMemoryNodes } from '../../support/memory-node';
import { playTranscript } from './transcript-runner';

const scripts = readdirSync(__dirname).filter((name) => name.endsWith('.lmtp'));

afterEach(closeMemoryNodes);

test.each(scripts)('%s', (name) => playTranscript(join(__dirname, name)));
