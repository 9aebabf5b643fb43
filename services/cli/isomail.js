#!/usr/bin/env node
// The `isomail` command. TypeScript runs as it is: tsx compiles it in memory.
require('tsx/cjs');
require('./main.ts');
