// The contract of services/core/store/directory.ts, claim by claim.
import type { Directory, DirectoryEntry, VersionedDirectoryEntry } from '../../services/core/store/directory';
import type { Make, Opened } from './opened';

function entry(login: string, rest: Partial<DirectoryEntry> = {}): DirectoryEntry {
  return {
    login, accountId: `account of ${login}`, passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', credentialVersion: 1,
    disabled: false, removed: false, highestUidValidity: 0, aliasOf: null, ...rest,
  };
}

async function listed(directory: Directory): Promise<VersionedDirectoryEntry[]> {
  const entries: VersionedDirectoryEntry[] = [];
  for await (const each of directory.list()) entries.push(each);
  return entries.sort((a, b) => (a.login < b.login ? -1 : 1));
}

export function directoryContract(name: string, make: Make<Directory>): void {
  describe(`directory: ${name}`, () => {
    let opened: Opened<Directory>;
    let store: Directory;
    let another: Directory;

    beforeEach(async () => {
      opened = await make();
      ({ store, another } = opened);
    });
    afterEach(() => opened.cleanup());

    test('an unknown login has no entry', async () => {
      expect(await store.get('nobody')).toBeNull();
      expect(await listed(store)).toEqual([]);
    });

    test.each(['', '\0', 'a\0b', '\n', '\ud800', '\u0001', 'x'.repeat(5000), '__proto__', 'constructor'])('get of %j is null', async (login) => {
      await store.put(entry('a'), 0);
      expect(await store.get(login)).toBeNull();
    });

    test('every field comes back, through the other handle too', async () => {
      const entries = [
        entry('plain@example.org'),
        entry('none', { passwordHash: null, disabled: true, removed: true, credentialVersion: 2 ** 40, highestUidValidity: 2 ** 31 }),
        entry('sales@example.org', { accountId: '', passwordHash: null, removed: true, aliasOf: 'plain@example.org' }),
      ];
      for (const each of entries) {
        expect(await store.put(each, 0)).toBe('stored');
        expect(await another.get(each.login)).toEqual({ ...each, version: 1 });
        expect(await store.get(each.login)).toEqual({ ...each, version: 1 });
      }
    });

    test('the version rises by one with each put, seen by the other handle at once', async () => {
      for (let from = 0; from < 20; from++) {
        const [writer, reader] = from % 2 === 0 ? [store, another] : [another, store];
        expect(await writer.put(entry('a', { credentialVersion: from }), from)).toBe('stored');
        expect(await reader.get('a')).toEqual({ ...entry('a', { credentialVersion: from }), version: from + 1 });
      }
    });

    test('a put from another version than the stored one is a conflict and changes nothing', async () => {
      expect(await store.put(entry('a'), 1)).toBe('conflict');
      expect(await store.get('a')).toBeNull();
      await store.put(entry('a'), 0);
      await store.put(entry('a', { disabled: true }), 1);
      for (const from of [0, 1, 3]) expect(await another.put(entry('a', { removed: true }), from)).toBe('conflict');
      expect(await another.get('a')).toEqual({ ...entry('a', { disabled: true }), version: 2 });
    });

    test('an alias and a user of one name exclude each other', async () => {
      const alias = entry('a', { removed: true, aliasOf: 'b' });
      const answers = await Promise.all([store.put(entry('a'), 0), another.put(alias, 0)]);
      expect(answers.toSorted()).toEqual(['conflict', 'stored']);
      expect(await store.get('a')).toEqual({ ...(answers[0] === 'stored' ? entry('a') : alias), version: 1 });
    });

    test('of 40 that put from the same version, one succeeds', async () => {
      for (let from = 0; from < 5; from++) {
        const answers = await Promise.all(Array.from({ length: 40 }, (_, racer) =>
          (racer % 2 === 0 ? store : another).put(entry('a', { highestUidValidity: racer }), from)));
        const winners = answers.flatMap((answer, racer) => (answer === 'stored' ? [racer] : []));
        expect(winners).toHaveLength(1);
        expect(await store.get('a')).toMatchObject({ highestUidValidity: winners[0], version: from + 1 });
      }
    });

    test('logins are compared byte by byte', async () => {
      const logins = ['a', 'A', 'a ', 'ab', 'a@b', '\u00e4', 'a\u0308', '1', '01', '\u{1F600}', 'null', 'true', '-', 'x'.repeat(300)];
      for (const [index, login] of logins.entries()) expect(await store.put(entry(login, { highestUidValidity: index }), 0)).toBe('stored');
      for (const [index, login] of logins.entries()) expect(await another.get(login)).toMatchObject({ login, highestUidValidity: index });
      expect((await listed(another)).map(({ login }) => login)).toEqual([...logins].sort());
    });

    test('list brings every entry once, removed ones too', async () => {
      const entries = Array.from({ length: 1203 }, (_, index) => entry(`login${index}`, { removed: index % 3 === 0 }));
      await Promise.all(entries.map((each) => store.put(each, 0)));
      await store.put(entry('login7', { disabled: true }), 1);
      const found = await listed(another);
      expect(found).toHaveLength(1203);
      expect(new Set(found.map(({ login }) => login)).size).toBe(1203);
      expect(found.filter(({ removed }) => removed)).toHaveLength(401);
      expect(found.find(({ login }) => login === 'login7')).toEqual({ ...entry('login7', { disabled: true }), version: 2 });
    });

    test('what was got may be changed without changing the directory', async () => {
      await store.put(entry('a'), 0);
      Object.assign((await store.get('a'))!, { disabled: true });
      expect((await store.get('a'))!.disabled).toBe(false);
    });
  });
}
