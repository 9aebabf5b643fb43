// The contract of services/core/store/doorbell.ts, claim by claim. A ring may be lost, so each claim rings until it is heard.
import type { Doorbell } from '../../services/core/store/doorbell';
import type { Make, Opened } from './opened';

/** Rings again and again until `heard` says that it was. */
async function ringUntil(heard: () => boolean, ring: () => void): Promise<void> {
  for (let turn = 0; !heard(); turn++) {
    if (turn % 20 === 0) ring();
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}

export function doorbellContract(name: string, make: Make<Doorbell>): void {
  describe(`doorbell: ${name}`, () => {
    let opened: Opened<Doorbell>;
    let store: Doorbell;
    let another: Doorbell;

    beforeEach(async () => {
      opened = await make();
      ({ store, another } = opened);
    });
    afterEach(() => opened.cleanup());

    test('a ring wakes those who watch the account, here and in other processes, with its position', async () => {
      const heard: { here: number[]; there: number[] } = { here: [], there: [] };
      store.watch('account', (position) => heard.here.push(position));
      another.watch('account', (position) => heard.there.push(position));
      await ringUntil(() => heard.here.length > 0 && heard.there.length > 0, () => store.ring('account', 7));
      expect(heard.here.every((position) => position === 7 || position === 0)).toBe(true);
      expect(heard.there.every((position) => position === 7 || position === 0)).toBe(true);
    });

    test('all who watch one account hear', async () => {
      const heard = [0, 0, 0];
      for (const index of heard.keys()) another.watch('account', () => (heard[index]! += 1));
      await ringUntil(() => heard.every((times) => times > 0), () => store.ring('account', 1));
    });

    test('who watches another account hears nothing of this one', async () => {
      const heard: string[] = [];
      another.watch('a', () => heard.push('a'));
      another.watch('b', () => heard.push('b'));
      await ringUntil(() => heard.includes('b'), () => store.ring('b', 1));
      expect(heard).not.toContain('a');
    });

    test('after its end a watch hears nothing more; others of the account do', async () => {
      const heard: string[] = [];
      for (const ringer of [store, another]) {
        heard.length = 0;
        const end = another.watch('account', () => heard.push('ended'));
        const endOther = another.watch('account', () => heard.push('other'));
        end();
        end();
        await ringUntil(() => heard.includes('other'), () => ringer.ring('account', 3));
        endOther();
        expect(heard).not.toContain('ended');
      }
    });

    test('a watch that ends between the ring and its delivery hears nothing', async () => {
      const heard: string[] = [];
      const end = store.watch('account', () => heard.push('ended'));
      store.watch('account', () => heard.push('other'));
      store.ring('account', 1);
      end();
      await ringUntil(() => heard.includes('other'), () => store.ring('account', 2));
      expect(heard.filter((who) => who === 'ended').length).toBeLessThanOrEqual(1);
      const before = heard.filter((who) => who === 'ended').length;
      heard.length = 0;
      await ringUntil(() => heard.includes('other'), () => store.ring('account', 3));
      expect(heard).not.toContain('ended');
      expect(before).toBeLessThanOrEqual(1);
    });

    test('a watch may end itself, and begin another, when it hears', async () => {
      let second = 0;
      const end = another.watch('account', () => {
        end();
        another.watch('account', () => (second += 1));
      });
      await ringUntil(() => second > 0, () => store.ring('account', 1));
    });

    test('many accounts at once all hear', async () => {
      const heard = new Set<string>();
      const accounts = Array.from({ length: 300 }, (_, index) => `account ${index}`);
      for (const account of accounts) another.watch(account, () => heard.add(account));
      await ringUntil(() => heard.size === accounts.length, () => {
        for (const account of accounts) store.ring(account, 1);
      });
    });

    test('ringing for nobody, or after the end, does not throw', async () => {
      expect(() => store.ring('nobody', 1)).not.toThrow();
      await store.close();
      expect(() => store.ring('nobody', 2)).not.toThrow();
    });

    test('is healthy while it works', () => {
      expect(store.isHealthy()).toBe(true);
    });
  });
}
