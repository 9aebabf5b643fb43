#!/usr/bin/env node
// The `isomail` command. TypeScript runs as it is: tsx compiles it in memory.
require('tsx/cjs/api').register();
require('./main.ts').runTool(process.argv.slice(2));
