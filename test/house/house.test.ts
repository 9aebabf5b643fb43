// The rules of the house that no linter knows: each is a claim about every source file.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

function sources(folder: string): { readonly path: string; readonly text: string }[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ path: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') }));
}

const services = sources('services');
const everything = [...services, ...sources('bin'), ...sources('lib'), ...sources('test')].filter(({ path }) => !path.endsWith('house.test.ts'));

function offenders(files: typeof services, offends: (text: string, path: string) => boolean): string[] {
  return files.filter(({ text, path }) => offends(text, path)).map(({ path }) => path);
}

test('no file of services/ is longer than 350 lines', () => {
  expect(offenders(services, (text) => text.split('\n').length > 350)).toEqual([]);
});

test('clocks, timers and randomness come in only through their ports', () => {
  const banned = /\b(Date\.now|Math\.random|performance\.now|setTimeout|setInterval|randomBytes|randomUUID|randomFillSync)\(|\bnew Date\(\)/;
  const allowed = /services\/(core\/runtime\/(clock|random)\.ts)$/;
  expect(offenders(services, (text, path) => !allowed.test(path) && banned.test(text))).toEqual([]);
});

test('nothing is unfinished, switched off or swallowed', () => {
  const banned = /\b(TODO|FIXME|XXX)\b|\b(test|it|describe)\.(skip|only)\(|catch *(\([^)]*\))? *\{ *\}/;
  expect(offenders(everything, (text) => banned.test(text))).toEqual([]);
});

test('no file has a name that says nothing', () => {
  expect(offenders(everything, (_text, path) => /(^|\/)(utils?|helpers?|common|misc|manager|index)\.ts$/.test(path))).toEqual([]);
});

test('no test sleeps', () => {
  const sleeps = /await new Promise\(\(?\w*\)? *=> *setTimeout|timers\/promises/;
  expect(offenders(sources('test').filter(({ path }) => !path.endsWith('house.test.ts')), (text) => sleeps.test(text))).toEqual([]);
});

const spec = readFileSync(join(root, 'docs/log-protocol.md'), 'utf8');
const clauses = new Set([...spec.matchAll(/\*\*([FSWRKNA]\d+)\./g)].map(([, clause]) => clause!));

/** (W4), or (W4, R5). */
function quotedClauses(text: string): string[] {
  return [...text.matchAll(/\(([FSWRKNA]\d+(?:, [FSWRKNA]\d+)*)\)/g)].flatMap(([, list]) => list!.split(', '));
}

test('every clause of the log protocol that the core quotes is one that it has', () => {
  const quoted = services.filter(({ path }) => /core\/(log|account|store)\//.test(path)).flatMap(({ text }) => quotedClauses(text));
  expect(quoted.length).toBeGreaterThan(5);
  expect(quoted.filter((clause) => !clauses.has(clause))).toEqual([]);
});

test('every clause of the log protocol is the claim of a test, but for those of keepers, of which there are none yet', () => {
  // A title that ends in the clauses which it proves.
  const titles = sources('test').flatMap(({ text }) => text.match(/'[^'\n]+ \([FSWRKNA]\d[^'\n]*\)',/g) ?? []);
  const claimed = new Set(titles.flatMap(quotedClauses));
  expect([...clauses].filter((clause) => !clause.startsWith('K') && !claimed.has(clause))).toEqual([]);
});
