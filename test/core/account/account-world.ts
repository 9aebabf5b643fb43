// One account on one memory tier, opened by as many processes as a test wants.
import { Account, type AccountPorts } from '../../../services/core/account/account';
import { createAccount } from '../../../services/core/account/decide/folders';
import { encodePointer, firstPointer } from '../../../services/core/log/pointer';
import type { Doorbell } from '../../../services/core/store/doorbell';
import { MemoryBlobStore } from '../../../services/core/store/memory/memory-blob-store';
import { MemoryDoorbell } from '../../../services/core/store/memory/memory-doorbell';
import { MemoryTier } from '../../../services/core/store/memory/memory-tier';
import { ManualClock } from '../log/manual-clock';
import { ScriptedLog } from '../log/scripted-log';
import { countingRandom } from '../log/world';

export const ID = 'account';

export interface TestPorts extends AccountPorts {
  readonly log: ScriptedLog;
  readonly failures: unknown[];
  /** What `isHealthy` says. */
  bellHealth: { isHealthy: boolean };
}

export class AccountWorld {
  readonly tier = new MemoryTier();
  readonly clock = new ManualClock();
  #made = 0;

  static async open(): Promise<AccountWorld> {
    const world = new AccountWorld();
    const ports = world.ports();
    await ports.log.movePointer(ID, 0, encodePointer(firstPointer));
    const account = await world.clock.until(Account.load(ID, ports));
    await world.clock.until(account.commit(createAccount('ann', null, 0)));
    account.close();
    return world;
  }

  /** The ports of another process. */
  ports(): TestPorts {
    const bell = new MemoryDoorbell(this.tier);
    const bellHealth = { isHealthy: true };
    const doorbell: Doorbell = {
      ring: (id, position) => bell.ring(id, position),
      watch: (id, onRing) => bell.watch(id, onRing),
      isHealthy: () => bellHealth.isHealthy,
      close: () => bell.close(),
    };
    const failures: unknown[] = [];
    this.#made += 1;
    return {
      log: new ScriptedLog(this.tier),
      blobs: new MemoryBlobStore(this.tier, this.clock),
      doorbell,
      bellHealth,
      clock: this.clock,
      random: countingRandom(this.#made * 1_000_000),
      failures,
      onReadFailed: (_id, error) => failures.push(error),
    };
  }

  /** Another process, with the account loaded; what it asked for so far is forgotten. */
  async load(): Promise<{ account: Account; ports: TestPorts }> {
    const ports = this.ports();
    const account = await this.clock.until(Account.load(ID, ports));
    ports.log.calls.length = 0;
    return { account, ports };
  }
}
